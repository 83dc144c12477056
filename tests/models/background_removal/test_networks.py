"""Stronger networks work from files: here small TorchScript ones that are called just as the real ones are."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from gpu_tasks.models.background_removal.networks import NetworkFailed
from gpu_tasks.models.background_removal.task import build
from gpu_tasks.models.step import Frame, Rgb
from gpu_tasks.timeline.sources import SourceInfo
from gpu_tasks.weights.catalogue import descriptor
from gpu_tasks.weights.store import ModelDamaged, install, sha256_of

pytestmark = pytest.mark.slow

FILM = SourceInfo("video", "mp4", "video/mp4", 1, 96, 80, has_video=True)
RECURRENT, STILL = "rvm-mobilenetv3", "birefnet"


class Recurrent(nn.Module):
    """RobustVideoMatting's signature: a matte that grows by a tenth with every frame it remembers, where it is red."""

    def forward(
        self,
        src: Tensor,
        r1: Tensor | None = None,
        r2: Tensor | None = None,
        r3: Tensor | None = None,
        r4: Tensor | None = None,
        downsample_ratio: float = 1.0,
    ) -> list[Tensor]:
        seen = torch.zeros(1, 16, 4, 4, dtype=src.dtype, device=src.device) if r1 is None else r1
        seen = seen + 0.1
        half = torch.zeros(1, dtype=src.dtype, device=src.device) if r4 is None else r4
        matte = (src[:, 0:1] > 0.5).to(src.dtype) * seen[0, 0, 0, 0]
        colours = torch.zeros_like(src) + downsample_ratio
        return [colours, matte, seen, seen, seen, half + 1]


class Still(nn.Module):
    """BiRefNet's: logits of several sizes, the last of them the best; it wants pictures normalised as ImageNet's."""

    def __init__(self, sigmoid: bool = False) -> None:
        super().__init__()
        self.sigmoid = sigmoid

    def forward(self, x: Tensor) -> list[Tensor]:
        red = x[:, 0:1] * 0.229 + 0.485
        best = (red - 0.5) * 40
        if self.sigmoid:
            best = torch.sigmoid(best)
        return [-best[:, :, ::4, ::4], best]


class OneTensor(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return (x[:, 0:1] * 0.229 + 0.485 - 0.5) * 40


class WrongSize(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x[:, 0:1, ::2, ::2]


class NoNumbers(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x[:, 0:1] / (x[:, 0:1] - x[:, 0:1])


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FRAMELANE_MODELS", str(tmp_path / "models"))


def put(name: str, network: nn.Module, folder: Path) -> None:
    """Install a network as an operator does."""
    file = folder / descriptor(name).file
    torch.jit.script(network).save(str(file))  # type: ignore[no-untyped-call]
    install(name, file, sha256_of(file))


def half_red(width: int = 96, height: int = 80) -> Rgb:
    rgb = np.full((height, width, 3), (20, 60, 90), np.uint8)
    rgb[:, : width // 2] = (220, 60, 90)
    return rgb


def frames(count: int, rgb: Rgb) -> Iterator[Frame]:
    return (Frame(rgb, None, Fraction(index, 25)) for index in range(count))


def test_what_a_recurrent_network_remembers_is_kept_over_the_clip(tmp_path: Path) -> None:
    put(RECURRENT, Recurrent(), tmp_path)
    made = list(build({"output": "matte", "model": RECURRENT}, FILM).process(frames(4, half_red())))
    assert [round(frame.rgb[40, 20, 0] / 25.5) for frame in made] == [1, 2, 3, 4]
    assert all((frame.rgb[:, 60:] == 0).all() for frame in made)


def test_every_clip_starts_anew(tmp_path: Path) -> None:
    put(RECURRENT, Recurrent(), tmp_path)
    for _ in range(2):
        (made,) = build({"output": "matte", "model": RECURRENT}, FILM).process(frames(1, half_red()))
        assert round(made.rgb[40, 20, 0] / 25.5) == 1


@pytest.mark.parametrize(("width", "ratio"), [(96, 1.0), (2048, 0.25)])
def test_a_recurrent_network_works_inside_at_about_512_pixels(tmp_path: Path, width: int, ratio: float) -> None:
    """The stand-in gives the ratio as its colours, which are delivered where the matte is partial."""
    put(RECURRENT, Recurrent(), tmp_path)
    (made,) = build({"model": RECURRENT}, FILM).process(frames(1, half_red(width)))
    assert made.rgb[40, 20, 0] == round(255 * ratio)


@pytest.mark.parametrize("network", [Still(), Still(sigmoid=True), OneTensor()])
def test_a_still_network_gives_logits_or_shares_in_a_list_or_alone(tmp_path: Path, network: nn.Module) -> None:
    put(STILL, network, tmp_path)
    (made,) = build({"output": "matte", "model": STILL}, FILM).process(frames(1, half_red()))
    assert made.rgb[:, :44].min() > 245
    assert made.rgb[:, 52:].max() < 10


@pytest.mark.parametrize("name", [RECURRENT, STILL])
@pytest.mark.parametrize("size", [(1, 1), (700, 2), (3, 65)])
def test_pictures_of_any_size_are_cut(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    put(name, Recurrent() if name == RECURRENT else Still(), tmp_path)
    made = list(build({"model": name}, FILM).process(frames(2, np.full((size[1], size[0], 3), 200, np.uint8))))
    assert [frame.rgb.shape for frame in made] == [(size[1], size[0], 3)] * 2


@pytest.mark.parametrize(
    ("name", "network", "why"),
    [(RECURRENT, Still(), "RuntimeError|argument"), (STILL, WrongSize(), "gave"), (STILL, NoNumbers(), "no numbers")],
)
def test_a_network_of_another_kind_is_named(tmp_path: Path, name: str, network: nn.Module, why: str) -> None:
    put(name, network, tmp_path)
    step = build({"model": name}, FILM)
    with pytest.raises(NetworkFailed, match=f"{name}.*({why})"):
        list(step.process(frames(1, half_red())))


def test_a_file_that_changed_since_it_was_installed_is_not_run(tmp_path: Path) -> None:
    put(STILL, Still(), tmp_path)
    torch.jit.script(OneTensor()).save(str(tmp_path / "models" / descriptor(STILL).file))  # type: ignore[no-untyped-call]
    with pytest.raises(ModelDamaged, match="SHA-256"):
        build({"model": STILL}, FILM)


def test_a_file_that_is_no_torchscript_is_refused(tmp_path: Path) -> None:
    file = tmp_path / descriptor(STILL).file
    file.write_bytes(b"not a network" * 100)
    install(STILL, file, sha256_of(file))
    with pytest.raises(ModelDamaged):
        build({"model": STILL}, FILM)


def test_the_step_names_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(STILL, Still(), tmp_path)
    monkeypatch.setenv("FRAMELANE_BACKGROUND_MODEL", STILL)
    assert build({}, FILM).model == STILL  # type: ignore[attr-defined]
