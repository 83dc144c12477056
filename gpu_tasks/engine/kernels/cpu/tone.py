"""Functions of code values: tables, weighted sums, colour matrices, grain and ramps."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.kernels.cpu.spare import spare
from gpu_tasks.engine.surface import Plane

Planes = tuple[Plane, Plane, Plane]


def lut(plane: Plane, table: Plane, out: Plane | None = None) -> Plane:
    """table[plane] for a table of 256 code values."""
    return cv2.LUT(plane, table, dst=out)


def weigh(planes: Sequence[Plane], weights: Sequence[float], offset: float, out: Plane) -> Plane:
    """Σ weight · plane + offset, rounded and clipped once at the end."""
    if len(planes) == 1:
        return cv2.addWeighted(planes[0], weights[0], planes[0], 0, offset, dst=out)
    if len(planes) == 2:
        return cv2.addWeighted(planes[0], weights[0], planes[1], weights[1], offset, dst=out)
    total = spare(out.shape, np.float32, 0)
    cv2.addWeighted(planes[0], weights[0], planes[1], weights[1], offset, dst=total, dtype=cv2.CV_32F)
    for plane, weight in zip(planes[2:-1], weights[2:-1], strict=True):
        cv2.addWeighted(total, 1, plane, weight, 0, dst=total, dtype=cv2.CV_32F)
    return cv2.addWeighted(total, 1, planes[-1], weights[-1], 0, dst=out, dtype=cv2.CV_8U)


def matrix(planes: Planes, weights: NDArray[np.float64], out: Planes) -> Planes:
    """Three planes of one size through a 3 × 4 matrix (the last column is added)."""
    shape = (*planes[0].shape, 3)
    merged = cv2.merge(list(planes), dst=spare(shape, np.uint8, 0))
    turned = cv2.transform(merged, weights, dst=spare(shape, np.uint8, 1))
    cv2.split(turned, list(out))
    return out


def add_grain(plane: Plane, grain: NDArray[np.int8] | NDArray[np.int16], out: Plane) -> Plane:
    """plane + grain, clipped; `grain` holds signed steps of code values."""
    if grain.dtype != np.int8:
        return cv2.add(plane, grain, dst=out, dtype=cv2.CV_8U)
    # Steps around 128 instead of 0 can be added as bytes: half the time of adding operands of two types.
    around_128 = cv2.bitwise_xor(grain.view(np.uint8), 0x80, dst=spare(grain.shape, np.uint8, 0))
    return cv2.addWeighted(plane, 1, around_128, 1, -0x80, dst=out)


def ramp(field: NDArray[np.float32], scale: float, offset: float, out: Plane) -> Plane:
    """field · scale + offset, clipped to 0-255: turns a field of distances or times into a mask."""
    return cv2.addWeighted(field, scale, field, 0, offset, dst=out, dtype=cv2.CV_8U)
