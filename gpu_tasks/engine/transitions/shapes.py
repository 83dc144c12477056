"""Reveals by one shape: it opens from the centre or sweeps across, and the incoming picture lies inside it."""

from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.transitions.box import Box
from gpu_tasks.engine.transitions.reveal import Grid, Raster, reveal

_CRISP: Final = 0.003
_RINGS: Final = 6


@reveal("circle_open", "A circle with a soft edge opens from the centre.", 0.09)
def _circle(at: Raster, box: Box) -> Grid:
    return np.hypot(at.x, at.y) / at.reach_px


@reveal("iris", "Concentric rings open one after the other, from the centre outwards.", 0.012, smooth=True)
def _iris(at: Raster, box: Box) -> Grid:
    """Each ring begins at its inner edge, a little after the ring inside it, and grows to meet the next one."""
    radius = np.hypot(at.x, at.y) / at.reach_px * _RINGS
    ring = np.minimum(np.floor(radius), _RINGS - 1)
    return np.asarray(0.55 * ring / (_RINGS - 1) + 0.45 * (radius - ring), np.float32)


@reveal("box_wipe", "A box of the picture's shape grows from the centre.", _CRISP)
def _box(at: Raster, box: Box) -> Grid:
    return np.maximum(np.abs(at.x) / at.half_width, np.abs(at.y) / at.half_height)


@reveal("diagonal_wipe", "A slanting edge sweeps from the upper left to the lower right corner.", 0.02)
def _diagonal(at: Raster, box: Box) -> Grid:
    return 0.5 + at.x / at.half_width / 4 + at.y / at.half_height / 4


@reveal("barn_doors_horizontal", "The picture parts in the middle and opens to the left and right.", _CRISP)
def _doors_aside(at: Raster, box: Box) -> Grid:
    return np.abs(at.x) / at.half_width + 0 * at.y


@reveal("barn_doors_vertical", "The picture parts in the middle and opens upwards and downwards.", _CRISP)
def _doors_up_and_down(at: Raster, box: Box) -> Grid:
    return np.abs(at.y) / at.half_height + 0 * at.x


@reveal("heart", "A heart grows from the centre.", _CRISP)
def _heart(at: Raster, box: Box) -> Grid:
    """How large the heart must be to take a pixel in, against the size that takes in the corners.

    It grows ever faster: while it is small enough to be seen as a heart, it takes its time.
    """
    corners_x, corners_y = np.array([1, 1]) * at.half_width, np.array([1, -1]) * at.half_height
    return np.asarray((_heart_size(at.x, at.y) / _heart_size(corners_x, corners_y).max()) ** 0.62, np.float32)


def _heart_size(x: NDArray[Any], y: NDArray[Any]) -> Grid:
    angles, radii = _heart_outline()
    direction = np.arctan2(np.abs(x), -y)
    return np.asarray(np.hypot(x, y) / np.interp(direction, angles, radii), np.float32)


@lru_cache(maxsize=1)
def _heart_outline() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The right half of a heart seen from a point inside it: angles from straight up (0 to π), and radii.

    The curve is the sextic heart x = 16 sin³t, y = 13 cos t − 5 cos 2t − 2 cos 3t − cos 4t, y upwards.
    """
    t = np.linspace(0, np.pi, 721)
    x = 16 * np.sin(t) ** 3
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t) + 2.0
    return np.arctan2(x, y), np.hypot(x, y)
