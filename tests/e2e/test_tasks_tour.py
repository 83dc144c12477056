"""The tour of the tasks with curl is true: its own shell blocks run against a live platform."""

import shutil
from pathlib import Path

import pytest

from gpu_tasks.media.probe import probe
from gpu_tasks.timeline.sources import SourceInfo
from scripts.live import Platform
from scripts.processes import ROOT
from tests.e2e.tours import lines_of, tour_script

pytestmark = pytest.mark.once

MADE = {
    "large.jpg": (512, 512),
    "large.mp4": (480, 360),
    "cutout.png": (256, 256),
    "cutout.webm": (320, 240),
    "cutout.mov": (320, 240),
    "blue.mp4": (960, 720),
    "eyes.jpg": (256, 256),
    "eyes.mp4": (960, 720),
}
TRANSPARENT = {"cutout.png", "cutout.webm", "cutout.mov"}


@pytest.mark.timeout(500)
def test_every_task_does_its_work(platform: Platform, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is not installed"
    page = (ROOT / "docs" / "tasks.md").read_text("utf-8")
    lines = lines_of(tour_script(page, least_blocks=6), platform, tmp_path, timeout_s=450)
    folder = Path(lines[-1])
    assert [line for line in lines if line.endswith(": completed")] == [f"{name}: completed" for name in MADE], (
        platform.log_tail()
    )
    assert "transcribe: 422" in lines
    facts = {name: probe(folder / name) for name in MADE}
    assert {name: (info.width, info.height) for name, info in facts.items()} == MADE
    assert {name for name, info in facts.items() if info.has_alpha} == TRANSPARENT
    assert all(_is_whole(name, info) for name, info in facts.items())


def _is_whole(name: str, info: SourceInfo) -> bool:
    """Films keep their length and their sound."""
    if info.duration_s is None:
        return True
    expected_s = 3.0 if name in ("blue.mp4", "eyes.mp4") else 1.0
    return info.has_audio and abs(float(info.duration_s) - expected_s) < 0.05
