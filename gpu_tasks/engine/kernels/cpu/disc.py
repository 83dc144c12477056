"""The blur of a lens that is out of focus."""

import math
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.kernels.cpu.spare import spare
from gpu_tasks.engine.surface import Plane

FINEST_RADIUS_PX = 5.0
"""Larger discs are blurred on a reduced copy on which their radius is at least this."""


def disc(plane: Plane, radius_px: float, *, hold_edges: bool, out: Plane) -> Plane:
    """Mean over a disc whose rim is antialiased over a sample. Beyond the edges lies 0, or the nearest sample."""
    if radius_px <= 0.5:
        np.copyto(out, plane)
        return out
    border = cv2.BORDER_REPLICATE if hold_edges else cv2.BORDER_CONSTANT
    step = 2 ** max(0, int(math.log2(radius_px / FINEST_RADIUS_PX)))
    if step == 1 or min(plane.shape) < 4 * step:
        return cv2.filter2D(plane, -1, _weights(radius_px), dst=out, borderType=border)
    return _reduced(plane, radius_px, step, border, out)


def _reduced(plane: Plane, radius_px: float, step: int, border: int, out: Plane) -> Plane:
    height, width = plane.shape
    # A margin all round: half a reduced sample inside of the edges, what lies outside still shows through.
    sides = (step, step - height % -step, step, step - width % -step)
    shape = (sides[0] + height + sides[1], sides[2] + width + sides[3])
    wide = cv2.copyMakeBorder(plane, *sides, border, dst=spare(shape, np.uint8, 0), value=0)
    reduced = (shape[0] // step, shape[1] // step)
    small = cv2.resize(wide, reduced[::-1], dst=spare(reduced, np.uint8, 1), interpolation=cv2.INTER_AREA)
    # Variances add: the disc's radius²/4, the box of the reduction step²/12, the triangle of the enlargement step²/6.
    left_px = math.sqrt(radius_px**2 - step**2)
    blurred = cv2.filter2D(small, -1, _weights(left_px / step), dst=spare(reduced, np.uint8, 2), borderType=border)
    large = cv2.resize(blurred, shape[::-1], dst=wide, interpolation=cv2.INTER_LINEAR)
    np.copyto(out, large[step : step + height, step : step + width])
    return out


@lru_cache(maxsize=32)
def _weights(radius: float) -> NDArray[np.float32]:
    reach = math.ceil(radius - 0.5)
    distances = np.arange(-reach, reach + 1)
    coverage = np.clip(radius + 0.5 - np.hypot(distances[None, :], distances[:, None]), 0, 1)
    return (coverage / coverage.sum()).astype(np.float32)
