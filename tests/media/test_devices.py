"""Accelerators are found by what is there, not by what is listed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gpu_tasks import devices


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """What is found here is told to no test that comes after, in whatever order they run."""
    asked = (devices.accelerators, devices.h264_encoder, devices.accelerator)
    for question in asked:
        question.cache_clear()
    yield
    for question in asked:
        question.cache_clear()


def test_cards_are_read_from_nvidia_smi() -> None:
    listing = "0, NVIDIA H200, 143771\n1, NVIDIA GB10, [N/A]\nNo devices were found\n"
    assert devices.parse_cards(listing) == (
        devices.Accelerator(0, "NVIDIA H200", 143_771 * 1024**2),
        devices.Accelerator(1, "NVIDIA GB10", 0),
    )


def test_cards_are_read_from_the_driver(tmp_path: Path) -> None:
    for bus, model in (("0000:01:00.0", "NVIDIA L4"), ("0000:02:00.0", "NVIDIA T4")):
        (tmp_path / bus).mkdir()
        (tmp_path / bus / "information").write_text(f"Model: \t\t {model}\nIRQ: 1\n")
    assert [card.name for card in devices.driver_cards(tmp_path)] == ["NVIDIA L4", "NVIDIA T4"]
    assert devices.driver_cards(tmp_path / "missing") == ()


def test_a_tool_that_fails_means_no_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'Failed to initialize NVML'\nexit 9\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert devices.accelerators() == ()


def test_without_cards_libx264_encodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(devices, "_DRIVER_CARDS", tmp_path)
    assert devices.h264_encoder() == "libx264"


def test_the_encode_probe_tells_working_encoders_from_listed_ones() -> None:
    assert devices._encodes("libx264")
    assert not devices._encodes("no_such_encoder")


def without_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(devices, "_DRIVER_CARDS", tmp_path)


def test_without_cards_the_cpu_composes_and_torch_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_cards(tmp_path, monkeypatch)
    monkeypatch.delenv("FRAMELANE_ACCELERATOR", raising=False)
    monkeypatch.setattr(devices, "_torch_finds_cuda", lambda: pytest.fail("torch was asked"))
    assert devices.accelerator() == "cpu"


@pytest.mark.parametrize(("works", "kind"), [(True, "cuda"), (False, "cpu")])
def test_a_card_composes_where_torch_can_use_it(works: bool, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRAMELANE_ACCELERATOR", raising=False)
    monkeypatch.setattr(devices, "accelerators", lambda: (devices.Accelerator(0, "NVIDIA L4"),))
    monkeypatch.setattr(devices, "_torch_finds_cuda", lambda: works)
    assert devices.accelerator() == kind


@pytest.mark.parametrize("kind", ["cpu", "cuda"])
def test_the_environment_chooses_what_composes(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMELANE_ACCELERATOR", kind)
    assert devices.accelerator() == kind


def test_an_unknown_accelerator_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMELANE_ACCELERATOR", "tpu")
    with pytest.raises(ValueError, match="'tpu'; it can be 'cpu' or 'cuda'"):
        devices.accelerator()
