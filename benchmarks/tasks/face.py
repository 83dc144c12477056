"""A clip of a face, and the command that puts it through a task in a process of its own, as on a worker."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cv2

from examples.sources.clip import write_clip
from examples.sources.music import air
from examples.sources.noise import Array
from examples.sources.portrait import frames


def face_clip(folder: Path, length_s: int, size: tuple[int, int]) -> Path:
    """The clip of `size` (width, height) in pixels, at 30 fps with sound; made unless it is there."""
    path = folder / f"face-{size[1]}-{length_s}.mp4"
    if not path.exists():
        write_clip(path, _pictures(length_s, size), air(length_s, seed=6, low_hz=200, high_hz=900, swell_s=0.5))
    return path


def task_command(task: str, options: Mapping[str, Any], clip: Path) -> list[str]:
    """Describes the task in a file beside the clip, and gives the command that carries it out there."""
    description = clip.with_name(f"{task}.json")
    description.write_text(json.dumps({"type": task, "source": clip.name, **options}))
    output = clip.with_name(f"{task}-{clip.stem}")
    return [sys.executable, "-m", "gpu_tasks.task", str(description), str(output), "--progress", "none"]


def _pictures(length_s: int, size: tuple[int, int]) -> Iterator[Array]:
    for picture in frames(length_s):
        yield cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
