"""The task `gaze_redirect`, made from its options."""

from collections.abc import Mapping
from typing import Any

from gpu_tasks.errors import JobFailed
from gpu_tasks.models.gaze.redirect import GazeRedirect
from gpu_tasks.models.step import Step
from gpu_tasks.timeline.sources import SourceInfo


def build(options: Mapping[str, Any], source: SourceInfo) -> Step:
    """A step for a clip or a picture. `intensity` is 0 to 1, by default 1.

    Raises ValueError for any other intensity, JobFailed `invalid_source` for a source without a picture.
    """
    if not (source.has_video or source.kind == "image"):
        raise JobFailed("invalid_source", f"gaze redirect needs a video or an image, not {source.kind}")
    return GazeRedirect(_intensity(options.get("intensity", 1)), still=source.kind == "image")


def _intensity(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"intensity is {value!r}; it must be a number from 0 to 1")
    return float(value)
