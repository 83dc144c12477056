"""Frames in a second of the tasks on films, each in a process of its own, as on a worker."""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.render.paths import ROOT
from benchmarks.tasks.face import face_clip, task_command
from examples.sources.clip import FRAME_RATE
from examples.sources.portrait import SIZE

SHORT_S, LONG_S = 1, 4
TASKS: dict[str, dict[str, Any]] = {
    "super_resolution": {"scale": 2},
    "remove_background": {"output": "alpha", "format": "mov"},
    "gaze_redirect": {"intensity": 1},
}


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Frames in a second of one task, without what loading costs."""

    task: str
    fps_cpu: float
    fps_gpu: float


def measured_task(task: str, folder: Path, device: str, lengths_s: tuple[int, int] = (SHORT_S, LONG_S)) -> TaskRow:
    """A face of 960×720 pixels through one task, on the CPU and on `device`."""
    clips = [face_clip(folder, length_s, SIZE) for length_s in lengths_s]
    rates = []
    for accelerator in ("cpu", device):
        short_s, long_s = (_wall_s(task, clip, accelerator) for clip in clips)
        rates.append((lengths_s[1] - lengths_s[0]) * FRAME_RATE / max(long_s - short_s, 1e-3))
    return TaskRow(task, *rates)


def line_of_task(row: TaskRow) -> str:
    return f"| {row.task} | {row.fps_cpu:.1f} | {row.fps_gpu:.1f} |"


def _wall_s(task: str, clip: Path, accelerator: str) -> float:
    command = task_command(task, TASKS[task], clip)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FRAMELANE_ACCELERATOR": accelerator}
    begun_s = time.perf_counter()
    subprocess.run(command, cwd=clip.parent, env=environment, check=True)
    return time.perf_counter() - begun_s
