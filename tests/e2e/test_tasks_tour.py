"""The tour of the tasks with curl is true: its own shell blocks run against a live platform."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gpu_tasks.media.probe import probe
from gpu_tasks.timeline.sources import SourceInfo
from scripts.live import Platform
from scripts.processes import ROOT

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


def tour_script() -> str:
    page = (ROOT / "docs" / "tasks.md").read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 6
    return "set -euo pipefail\n" + "\n".join(blocks)


@pytest.mark.timeout(500)
def test_every_task_does_its_work(platform: Platform, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is not installed"
    env = {**platform.env, "API": platform.url, "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        ["bash", "-c", tour_script()], cwd=ROOT, env=env, capture_output=True, text=True, timeout=450, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{platform.log_tail()}"
    folder = Path(done.stdout.splitlines()[-1])
    assert [line for line in done.stdout.splitlines() if line.endswith(": completed")] == [
        f"{name}: completed" for name in MADE
    ], platform.log_tail()
    assert "transcribe: 422" in done.stdout.splitlines()
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
