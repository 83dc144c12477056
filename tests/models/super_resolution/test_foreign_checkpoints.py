"""Checkpoints of other projects give through our loader what they give through spandrel."""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from gpu_tasks.models.spandrel_files import read_checkpoint
from gpu_tasks.models.step import Rgb
from gpu_tasks.models.super_resolution import networks
from gpu_tasks.models.super_resolution.enlarge import from_tensor, to_tensor
from gpu_tasks.models.super_resolution.task import MODEL_SETTING, SuperResolution, build
from gpu_tasks.weights.store import ModelDamaged, ModelMissing
from tests.models.super_resolution.pictures import CPU, IMAGE, frame, noise_picture

RGB = noise_picture(40, 30)


def compact(scale: int, channels: int = 3) -> dict[str, torch.Tensor]:
    """The weights of Real-ESRGAN's compact network, random."""
    features, depth = 16, 4
    shapes = [(features, channels), *[(features, features)] * depth, (channels * scale**2, features)]
    torch.manual_seed(scale)
    weights = {}
    for place, (made, given) in enumerate(shapes):
        weights[f"body.{2 * place}.weight"] = torch.randn(made, given, 3, 3) * 0.1
        weights[f"body.{2 * place}.bias"] = torch.randn(made) * 0.01
        if place < len(shapes) - 1:
            weights[f"body.{2 * place + 1}.weight"] = torch.full((made,), 0.2)
    return weights


def planes(rgb: Rgb) -> torch.Tensor:
    """Plane after plane: sums are taken in another order where channels lie together."""
    return to_tensor([rgb]).contiguous()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FRAMELANE_MODELS", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("scale", [2, 4])
def test_a_checkpoint_gives_what_it_gives_through_spandrel(folder: Path, scale: int) -> None:
    path = folder / "own.pth"
    torch.save({"params_ema": compact(scale), "params": compact(scale + 1)}, path)
    found = networks.named("own.pth", CPU)
    assert found.scale == scale
    assert torch.equal(found.network(planes(RGB)), _by_spandrel(path, RGB))


def _by_spandrel(path: Path, rgb: Rgb) -> torch.Tensor:
    # Imported by our loader, which stands in for torchvision where that is missing.
    read_checkpoint(path, CPU)
    direct = sys.modules["spandrel"].ModelLoader().load_from_file(path).eval()
    with torch.inference_mode():
        return direct(planes(rgb))  # type: ignore[no-any-return]


def test_the_setting_names_a_file_and_the_step_uses_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.save({"params_ema": compact(4)}, folder / "own.pth")
    monkeypatch.setenv(MODEL_SETTING, "own.pth")
    step = build({"scale": 4}, IMAGE)
    assert isinstance(step, SuperResolution)
    (made,) = step.process([frame(RGB)])
    assert step.model == "own.pth"
    assert np.array_equal(made.rgb, from_tensor(_by_spandrel(folder / "own.pth", RGB))[0])


def test_a_scale_between_is_made_from_the_network_s_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.save({"params_ema": compact(4)}, folder / "own.pth")
    monkeypatch.setenv(MODEL_SETTING, "own.pth")
    (made,) = build({"scale": 1.5}, IMAGE).process([frame(RGB)])
    assert made.rgb.shape == (45, 60, 3)


def test_a_network_of_one_channel_takes_red_green_and_blue_in_turn(folder: Path) -> None:
    torch.save({"params_ema": compact(2, channels=1)}, folder / "grey.pth")
    made = networks.named("grey.pth", CPU).network(to_tensor([RGB]))
    red = np.repeat(RGB[..., :1], 3, axis=2)
    assert made.shape == (1, 3, 60, 80)
    assert torch.equal(made[:, 0], networks.named("grey.pth", CPU).network(to_tensor([red]))[:, 1])


def test_a_network_of_four_channels_is_refused(folder: Path) -> None:
    torch.save({"params_ema": compact(2, channels=4)}, folder / "four.pth")
    with pytest.raises(ModelDamaged, match=r"four\.pth .*4 channels"):
        networks.named("four.pth", CPU)


BROKEN: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("not a checkpoint"),
    "other network": lambda path: torch.save({"params_ema": {"weight": torch.zeros(3)}}, path),
    "no tensors": lambda path: torch.save({"params_ema": {"weight": "three"}}, path),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_files_that_hold_no_network_are_told_apart(folder: Path, broken: str) -> None:
    BROKEN[broken](folder / "own.pth")
    with pytest.raises(ModelDamaged, match=r"own\.pth"):
        networks.named("own.pth", CPU)


@pytest.mark.parametrize("name", ["missing.pth", "../own.pth", "/etc/own.pth", "sub/own.pth"])
def test_only_files_in_the_operator_s_folder_are_read(folder: Path, name: str) -> None:
    (folder / "sub").mkdir()
    for place in (folder.parent, folder / "sub"):
        torch.save({"params_ema": compact(2)}, place / "own.pth")
    with pytest.raises(ModelMissing, match="no file"):
        networks.named(name, CPU)
