"""A displaced photograph panned by fractions of a pixel, with noise: does the rendered iris stand still in the face?"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import cv2
import numpy as np

from benchmarks.gaze.displaced import displaced
from benchmarks.gaze.meter import offset_of
from benchmarks.gaze.portrait import Portrait
from gpu_tasks.models.gaze.redirect import GazeRedirect
from gpu_tasks.models.step import Frame

FRAME_RATE: Final = 30
FRAMES: Final = 75
WARM_UP: Final = 30
_SIZE: Final = (900, 720)
_START: Final = (300.0, 60.0)
_STEP_PX: Final = (-1.3, 0.6)


@dataclass(frozen=True, slots=True)
class Jitter:
    """After the warm-up, in D: deviation of the rendered iris in the face, and its mean step between frames (RMS)."""

    noise: float
    deviation: float
    step: float
    left: float


def pan_px(index: int) -> tuple[float, float]:
    """Where the photograph's origin lies in a frame of the pan."""
    return -_START[0] + index * _STEP_PX[0], -_START[1] + index * _STEP_PX[1]


def panned(portrait: Portrait, offset: float, noise: float, frames: int = FRAMES) -> Iterator[Frame]:
    """The shaded picture, moved on by a fraction of a pixel each frame, with Gaussian noise of this deviation."""
    picture, rng = displaced(portrait, "shaded", offset), np.random.default_rng(7)
    for index in range(frames):
        move = np.array([[1, 0, pan_px(index)[0]], [0, 1, pan_px(index)[1]]], np.float64)
        view = cv2.warpAffine(picture, move, _SIZE, flags=cv2.INTER_CUBIC).astype(np.float64)
        noisy = np.clip(np.rint(view + rng.normal(0, noise, view.shape)), 0, 255) if noise else view
        yield Frame(noisy.astype(np.uint8), None, Fraction(index, FRAME_RATE))


def jitter(portrait: Portrait, noise: float, offset: float = 0.25) -> Jitter:
    """Redirect the pan and follow its irises."""
    results = GazeRedirect(1.0, still=False).process(panned(portrait, offset, noise))
    places = [
        offset_of(portrait, frame.rgb, pan_px(index))[0] for index, frame in enumerate(results) if index >= WARM_UP
    ]
    steps = np.diff(places)
    return Jitter(noise, float(np.std(places)), float(np.sqrt(np.mean(steps**2))), float(np.mean(places)))
