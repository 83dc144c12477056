"""The arrays that matting passes around, and the sizes at which it works."""

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.models.step import Rgb

Plane = NDArray[np.float32]
"""Height × width: coverage by people, 0 background to 1 person, or any other figure for each pixel."""
Pixels = NDArray[np.float32]
"""Height × width × 3: R'G'B', 0 to 1."""

_LEAST_SIDE_PX = 16


def bounded_size(width: int, height: int, long_side_px: int) -> tuple[int, int]:
    """Width and height of about the same shape whose long side is `long_side_px`; no side is below 16 pixels.

    Small pictures grow, so that every later step sees a usual size: a source may be 1×1 or 4000×2.
    """
    scale = long_side_px / max(width, height)
    return max(_LEAST_SIDE_PX, round(width * scale)), max(_LEAST_SIDE_PX, round(height * scale))


def shrunk_size(width: int, height: int, long_side_px: int) -> tuple[int, int]:
    """The same, of a picture that has fewer pixels already: its own size."""
    scale = min(1.0, long_side_px / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def resized_rgb(rgb: Rgb, size: tuple[int, int]) -> Rgb:
    """`rgb` at `size` (width, height): averaged when it shrinks, so that nothing aliases, else interpolated."""
    return np.asarray(cv2.resize(rgb, size, interpolation=_interpolation(rgb.shape, size)), np.uint8)


def resized(plane: Plane, size: tuple[int, int]) -> Plane:
    """`plane` at `size` (width, height), likewise."""
    return np.asarray(cv2.resize(plane, size, interpolation=_interpolation(plane.shape, size)), np.float32)


def _interpolation(shape: tuple[int, ...], size: tuple[int, int]) -> int:
    shrinks = size[0] <= shape[1] and size[1] <= shape[0]
    return cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
