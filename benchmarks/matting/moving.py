"""A person who moves before a background that does not, with the matte known for each frame."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.matting.pictures import Person, as_plane, background, composite, person
from gpu_tasks.models.background_removal.planes import Plane
from gpu_tasks.models.step import Rgb

FRAMES = 24
_NOISE = 2.0
_SWING_PX = 40.0


@dataclass(frozen=True, slots=True)
class KnownFrame:
    rgb: Rgb
    matte: Plane


def clip(name: str, frames: int = FRAMES) -> Iterator[KnownFrame]:
    """512×512: the portrait sways before the background `name`, with the noise of a camera on top."""
    random = np.random.default_rng(4)
    for index in range(frames):
        there = _moved(person(), _SWING_PX * np.sin(2 * np.pi * index / FRAMES), 6 * np.sin(4 * np.pi * index / FRAMES))
        rgb = composite(there, background(name)) + random.normal(0, _NOISE, there.rgb.shape)
        yield KnownFrame(np.clip(np.round(rgb), 0, 255).astype(np.uint8), as_plane(there.matte))


def _moved(subject: Person, x_px: float, y_px: float) -> Person:
    """Downwards by at least 12 pixels, so that the body leaves the picture at its foot as bodies do."""
    to = np.array([[1, 0, x_px], [0, 1, 12 + y_px]], np.float32)
    return Person(_warped(subject.rgb, to), _warped(subject.matte, to, cv2.BORDER_CONSTANT))


def _warped(picture: NDArray[np.uint8], to: NDArray[np.float32], border: int = cv2.BORDER_REPLICATE) -> Rgb:
    size = picture.shape[1], picture.shape[0]
    return np.asarray(cv2.warpAffine(picture, to, size, flags=cv2.INTER_LINEAR, borderMode=border), np.uint8)
