"""`make demo`, with a smaller scene: a film at the end, and nothing left running however it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from scripts.live import processes_of
from scripts.processes import ROOT

SCENE = {
    "width": 320,
    "height": 180,
    "duration": 2,
    "frame_rate": 30,
    "output_filename": "small.mp4",
    "elements": [
        {"type": "text", "text": "Small", "time": 0, "duration": 2, "font_size": 40},
        {"type": "image", "id": "logo", "source_url": "logo.png", "time": 0, "duration": 2, "width": "20%"},
        {"type": "video", "source_url": "flash.mp4", "time": 0, "out_point": 2},
    ],
}


def demo(folder: Path, scene: dict[str, object]) -> "subprocess.Popen[str]":
    path = folder / "scene.json"
    path.write_text(json.dumps(scene))
    command = [sys.executable, "-m", "scripts.demo", str(path), "--home", str(folder / "home")]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def left_running(home: Path) -> dict[int, str]:
    """What runs on for a platform that has ended; what was killed with it may take a moment to go."""
    deadline = time.monotonic() + 10
    while (found := processes_of(home)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def test_leaves_a_film_and_a_contact_sheet(tmp_path: Path) -> None:
    running = demo(tmp_path, SCENE)
    output, errors = running.communicate(timeout=600)
    assert running.returncode == 0, errors
    assert "100 %  completed" in output
    assert "320×180, 60 frames at 30 fps" in output
    assert (tmp_path / "home" / "small.mp4").stat().st_size > 0
    assert (tmp_path / "home" / "small.sheet.png").stat().st_size > 0
    assert left_running(tmp_path / "home" / "platform") == {}


def test_a_scene_that_is_refused_fails_with_the_reason(tmp_path: Path) -> None:
    running = demo(tmp_path, {**SCENE, "frame_rate": 0})
    _, errors = running.communicate(timeout=600)
    assert running.returncode == 1
    assert "/frame_rate" in errors
    assert left_running(tmp_path / "home" / "platform") == {}


def test_ctrl_c_stops_everything(tmp_path: Path) -> None:
    running = demo(tmp_path, {**SCENE, "duration": 600})
    platform_home = tmp_path / "home" / "platform"
    deadline = time.monotonic() + 300
    while not any("gpu_tasks.render" in command for command in processes_of(platform_home).values()):
        assert time.monotonic() < deadline, "the render did not begin"
        assert running.poll() is None, running.communicate()
        time.sleep(0.2)
    os.kill(running.pid, signal.SIGINT)
    running.communicate(timeout=240)
    assert running.returncode == 130
    assert left_running(platform_home) == {}
