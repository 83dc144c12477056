"""A matte made steady over time: where the last frame's matte, moved along with the picture, can be trusted, it counts.

A plain running mean would ghost behind moving people. The movement comes from dense optical flow on a small picture
(Kroeger, Timofte, Dai, Van Gool: "Fast Optical Flow using Dense Inverse Search", 2016), and a pixel counts only as far
as the colour that it came from matches the colour that it has now.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.models.background_removal.planes import Plane, bounded_size, resized, resized_rgb
from gpu_tasks.models.step import Rgb

_FLOW_SIDE_PX = 320
_WEIGHT = 0.8
# A difference of colour (0 to 255, mean of the channels) at which trust has fallen to 1/e.
_TOLERANCE = 12.0
# Below this mean trust the picture is another one: a cut.
_LEAST_TRUST = 0.35

_Gray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Last:
    small: Rgb
    gray: _Gray
    matte: Plane


class Smoother:
    """Smooths the mattes of one clip, frame by frame."""

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._last: _Last | None = None

    def smoothed(self, matte: Plane, rgb: Rgb) -> Plane:
        """The matte (any size, stretched over `rgb`) blended with the last one; as it is after a cut."""
        height, width = rgb.shape[:2]
        small = resized_rgb(rgb, bounded_size(width, height, _FLOW_SIDE_PX))
        gray = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
        if self._last is not None and self._last.matte.shape == matte.shape:
            matte = self._blended(matte, small, gray, self._last)
        self._last = _Last(small, gray, matte)
        return matte

    def _blended(self, matte: Plane, small: Rgb, gray: _Gray, last: _Last) -> Plane:
        came_from = _positions(self._flow.calc(gray, last.gray, None))
        trust = _trust(small, _moved(last.small, came_from))
        if trust.mean() < _LEAST_TRUST:
            return matte
        size = matte.shape[1], matte.shape[0]
        weight = _WEIGHT * resized(trust, size)
        moved = _moved(last.matte, _scaled(came_from, size))
        return np.asarray(matte + weight * (moved - matte), np.float32)


def _positions(flow: Plane) -> Plane:
    """Where each pixel came from, x and y, of the flow to there."""
    rows, columns = np.indices(flow.shape[:2], np.float32)
    return np.asarray(flow + np.dstack((columns, rows)), np.float32)


def _scaled(positions: Plane, size: tuple[int, int]) -> Plane:
    """The same positions for a picture of another size; the middles of pixels lie at whole numbers."""
    factors = np.array([size[0] / positions.shape[1], size[1] / positions.shape[0]], np.float32)
    return np.asarray((resized(positions, size) + 0.5) * factors - 0.5, np.float32)


def _moved(picture: NDArray[np.float32] | Rgb, came_from: Plane) -> NDArray[np.float32]:
    moved = cv2.remap(picture, came_from, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)


def _trust(now: Rgb, moved: NDArray[np.float32]) -> Plane:
    """1 where the colours are the same, falling with their difference; over a few pixels, as one alone is noise."""
    difference = np.abs(now - moved).mean(axis=2)
    return np.asarray(np.exp(-cv2.blur(difference, (5, 5)) / _TOLERANCE), np.float32)
