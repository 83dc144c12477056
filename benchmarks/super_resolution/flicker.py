"""How much an enlargement flickers when a still picture is panned."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from PIL import Image

from benchmarks.super_resolution.held_out import resized
from benchmarks.super_resolution.measures import luma
from gpu_tasks.models.step import Rgb

_FRAMES = 9
_MARGIN_PX = 16


def flicker(photograph: Rgb, scale: int, enlarge: Callable[[Rgb], Rgb]) -> float:
    """Root mean square of what differs between frames once the pan is undone, in levels of luma; 0 is perfect.

    The photograph moves by one of its own pixels a frame, so by 1 / scale of a pixel in the reduced frames.
    """
    frames = [luma(enlarge(small)) for small in _pan(photograph, scale)]
    inner = np.s_[_MARGIN_PX:-_MARGIN_PX, _MARGIN_PX:-_MARGIN_PX]
    steps = [(one[:, 1:] - two[:, :-1])[inner] for one, two in pairwise(frames)]
    return float(np.sqrt(np.mean([np.mean(step**2) for step in steps])))


def _pan(photograph: Rgb, scale: int) -> Iterator[Rgb]:
    height, width = photograph.shape[0] // scale * scale, (photograph.shape[1] - _FRAMES) // scale * scale
    for left in range(_FRAMES):
        seen = np.ascontiguousarray(photograph[:height, left : left + width])
        yield resized(seen, width // scale, height // scale, Image.Resampling.BICUBIC)
