"""What a frame of 1920×1080 pixels costs, in CPU time, threads included."""

import time
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import cv2
import numpy as np

from benchmarks.matting.pictures import photograph
from gpu_tasks.models.background_removal.task import build
from gpu_tasks.models.step import Frame, Rgb
from gpu_tasks.timeline.sources import SourceInfo

_SIDE_PX, _BESIDE_PX = 1080, 420
_FRAMES = 8
OUTPUTS: Mapping[str, Mapping[str, Any]] = {
    "matte": {"output": "matte"},
    "alpha": {"output": "alpha"},
    "colour": {"output": "color"},
    "blurred background": {"output": "blur"},
}


def cost_ms() -> dict[str, float]:
    """Milliseconds for each output; loading the network, and the first frame, are left out."""
    return {what: _frame_ms(options) for what, options in OUTPUTS.items()}


def _frame_ms(options: Mapping[str, Any]) -> float:
    source = SourceInfo("video", "mp4", "video/mp4", 1, 1920, 1080, has_video=True)
    made = build(options, source).process(_frames())
    next(made)
    start_s = time.process_time()
    count = sum(1 for _ in made)
    return 1000 * (time.process_time() - start_s) / count


def _frames() -> Iterator[Frame]:
    """The portrait in the middle, moving a little."""
    rgb = _portrait()
    for index in range(_FRAMES + 1):
        yield Frame(np.roll(rgb, index, axis=1), None, Fraction(index, 25))


def _portrait() -> Rgb:
    square = cv2.resize(photograph(), (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_CUBIC)
    wide = cv2.copyMakeBorder(square, 0, 0, _BESIDE_PX, _BESIDE_PX, cv2.BORDER_REPLICATE)
    return np.asarray(wide, np.uint8)
