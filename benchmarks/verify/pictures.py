"""Pictures to compare on: natural spectra, hard edges, saturated patches, and skin."""

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.render.photographs import spectral_noise
from benchmarks.verify.finding import Size
from gpu_tasks.engine.effects import Moment
from gpu_tasks.engine.effects.base import REFERENCE_LINES
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Surface
from gpu_tasks.timeline.request import ChromaSettings

Picture = NDArray[np.uint8]
"""height × width × 3, R'G'B' 0-255."""

_PATCHES = ((205, 150, 125), (220, 40, 50), (30, 160, 70), (40, 70, 210), (8, 8, 8), (250, 250, 250))


def natural(size: Size, seed: int = 1) -> Picture:
    """A picture whose detail falls as 1/frequency, under soft light, with a few objects before it."""
    width, height = size
    rng = np.random.default_rng(seed)
    base = np.stack([spectral_noise(rng, height, width, 1.4) for _ in range(3)], axis=-1)
    grey = base.mean(axis=-1, keepdims=True)
    light = np.linspace(60, 190, height)[:, None, None]
    picture = light + 30 * grey + 18 * (base - grey)
    for colour in _PATCHES:
        x, y, radius = rng.random(3) * (width, height, height / 9) + (0, 0, height / 16)
        cv2.circle(picture, (int(x), int(y)), int(radius), colour, -1, cv2.LINE_AA)
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def smooth(size: Size, seed: int = 1) -> Picture:
    """The same without detail finer than a few pixels: what is interpolated on it hardly depends on the method."""
    return np.asarray(cv2.GaussianBlur(natural(size, seed), (0, 0), 2.5), np.uint8)


def surface_of(picture: Picture, subsampling: int = 2) -> Surface:
    """The opaque surface of a picture."""
    opaque = np.full(picture.shape[:2], 255, np.uint8)
    return cpu.from_rgba(np.dstack([picture, opaque]), subsampling, opaque=True)


def moment_of(surface: Surface) -> Moment:
    """What a colour stage is told about a picture that stands still."""
    unit_px = min(surface.width, surface.height) / REFERENCE_LINES
    return Moment(cpu, Scratch(cpu), 0, 0.0, 30, "clip", unit_px, lambda frames: surface, ChromaSettings())
