"""Warps that scale and move but do not turn: OpenCV's resize, which is several times cheaper than looking up samples.

A resize maps the edges of its source onto those of its target, so a fraction of a pixel can only be had by where both
begin: source pixel `first`, and as many target pixels too early as bring the two together.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from gpu_tasks.engine.kernels.cpu.spare import spare
from gpu_tasks.engine.kernels.cpu.window import window
from gpu_tasks.engine.surface import Plane
from gpu_tasks.timeline.transforms import Affine

CLOSE_PX = 1 / 64
"""Twice as exact as OpenCV's looked-up samples, which lie on a grid of 1/32 pixel."""
MOST_EARLY = 96
SMALLEST, LARGEST = 0.2, 8.0


@dataclass(frozen=True, slots=True)
class _Fit:
    """Along one axis: where the source begins, how much of it is needed, how many target pixels come too early."""

    first: int
    length: int
    early: int


def scale(plane: Plane, matrix: Affine, size: tuple[int, int], *, hold_edges: bool, out: Plane | None) -> Plane | None:
    """A warp by an upright matrix; None where no beginning is close enough."""
    across = _fit(matrix.a, matrix.c, size[0])
    down = _fit(matrix.e, matrix.f, size[1])
    if across is None or down is None:
        return None
    seen = window(plane, across.first, down.first, across.length, down.length, hold_edges=hold_edges)
    shape = (round(down.length * matrix.e), round(across.length * matrix.a))
    whole = cv2.resize(
        seen, None, dst=spare(shape, np.uint8, 2), fx=matrix.a, fy=matrix.e, interpolation=cv2.INTER_LINEAR
    )
    shown = whole[down.early : down.early + size[1], across.early : across.early + size[0]]
    if shown.shape != (size[1], size[0]):
        return None
    if out is None:
        return np.array(shown)
    np.copyto(out, shown)
    return out


def _fit(factor: float, offset: float, length: int) -> _Fit | None:
    """Source sample u of target sample d: u + ½ = (d + ½ − offset) / factor."""
    if not SMALLEST <= factor <= LARGEST:
        return None
    step = 1 / factor
    start = -offset * step
    # What lies left of its source a resize takes for a copy of its edge: the first sample must be part of it.
    latest = math.floor(start + step / 2 - 0.5)
    for early in range(MOST_EARLY):
        first = start - early * step
        if abs(first - round(first)) < CLOSE_PX and round(first) <= latest:
            needed = math.ceil((length + early + 1) * step) + 2
            return _Fit(round(first), needed, early)
    return None
