"""A face to try the tasks on: the photograph of Eileen Collins by NASA (public domain) that scikit-image carries."""

from collections.abc import Iterator

import cv2
import numpy as np

from examples.sources.clip import FRAME_RATE
from examples.sources.noise import Array

SIZE = (960, 720)
_MIDDLE, _SWAY_PX = (226.0, 158.0), (10.0, 5.0)
"""Below the chin, and how far the camera sways about it, in pixels of the photograph."""
_ZOOM, _ZOOM_SWING = 2.7, 0.12


def photograph() -> Array:
    """512 × 512 × 3 uint8 RGB."""
    # Only examples and tests need this library.
    from skimage import data

    return np.ascontiguousarray(data.astronaut())  # type: ignore[no-untyped-call]


def small() -> Array:
    """Head and shoulders at 256 × 256 pixels."""
    return np.asarray(cv2.resize(photograph()[:384, 32:416], (256, 256), interpolation=cv2.INTER_AREA))


def small_frames(duration_s: float) -> Iterator[Array]:
    """The same at 240 × 320 pixels."""
    for picture in frames(duration_s):
        yield np.asarray(cv2.resize(picture, (320, 240), interpolation=cv2.INTER_AREA))


def frames(duration_s: float) -> Iterator[Array]:
    """The face, panned and zoomed by a slow hand: 720 × 960 × 3 uint8 RGB."""
    picture = photograph()
    for index in range(round(duration_s * FRAME_RATE)):
        angle = 2 * np.pi * index / FRAME_RATE / 4
        zoom = _ZOOM * (1 + _ZOOM_SWING * np.sin(angle))
        x, y = _MIDDLE[0] + _SWAY_PX[0] * np.sin(angle * 1.5), _MIDDLE[1] + _SWAY_PX[1] * np.cos(angle)
        matrix = np.array([[zoom, 0, SIZE[0] / 2 - zoom * x], [0, zoom, SIZE[1] / 2 - zoom * y]])
        yield np.asarray(cv2.warpAffine(picture, matrix, SIZE, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE))
