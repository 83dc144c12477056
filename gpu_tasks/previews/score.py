"""Which of several frames says most about a film: one that is well lit, rich in contrast, and sharp."""

from collections.abc import Sequence

import cv2
import numpy as np

from gpu_tasks.previews.pictures import Pixels, shrunk

_SIDE_PX = 160
_DARKEST, _LIT = 16, 64
"""Mean greys (of 255): up to the first a frame counts as black, from the second on as lit."""
_GLARING, _BRIGHTEST = 220, 250
_FULL_CONTRAST = 64.0
_FULL_SHARPNESS = 8.0


def best(frames: Sequence[Pixels]) -> Pixels:
    """The frame (H×W×3) with the highest score; the first of several."""
    return max(frames, key=score)


def score(frame: Pixels) -> float:
    """0 for a black, white or empty frame, up to 2.

    Sharpness is the variance of the Laplacian (Pech-Pacheco et al., Diatom autofocusing in brightfield microscopy,
    ICPR 2000), on a logarithmic scale so that noise and small type do not outweigh everything else.
    """
    grey = cv2.cvtColor(shrunk(frame, _SIDE_PX), cv2.COLOR_RGB2GRAY)
    contrast = min(float(grey.std()) / _FULL_CONTRAST, 1.0)
    sharpness = min(float(np.log1p(cv2.Laplacian(grey, cv2.CV_64F).var())) / _FULL_SHARPNESS, 1.0)
    return _exposure(float(grey.mean())) * (contrast + sharpness)


def _exposure(mean: float) -> float:
    lit = (mean - _DARKEST) / (_LIT - _DARKEST)
    calm = (_BRIGHTEST - mean) / (_BRIGHTEST - _GLARING)
    return min(max(lit, 0.0), max(calm, 0.0), 1.0)
