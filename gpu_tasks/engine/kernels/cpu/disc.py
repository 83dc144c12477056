"""The blur of a lens that is out of focus."""

import math
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.kernels.cpu.reduce import on_reduced
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
    # Variances add: the disc's is radius²/4, that of working on a reduced copy step²/4.
    weights = _weights(math.sqrt(radius_px**2 - step**2) / step)

    def run(source: Plane, target: Plane) -> Plane:
        return cv2.filter2D(source, -1, weights, dst=target, borderType=border)

    return on_reduced(plane, step, border, run, out)


@lru_cache(maxsize=32)
def _weights(radius: float) -> NDArray[np.float32]:
    reach = math.ceil(radius - 0.5)
    distances = np.arange(-reach, reach + 1)
    coverage = np.clip(radius + 0.5 - np.hypot(distances[None, :], distances[:, None]), 0, 1)
    return (coverage / coverage.sum()).astype(np.float32)
