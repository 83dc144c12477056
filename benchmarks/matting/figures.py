"""Figures of one matte, or of a sequence of mattes, against the known ones."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.models.background_removal.planes import Plane

_BAND_PX = 10


def intersection_over_union(found: Plane, true: Plane) -> float:
    """Of the pixels that are covered by half or more."""
    a, b = found >= 0.5, true >= 0.5
    return float((a & b).sum() / max(1, (a | b).sum()))


def edge_band(true: Plane) -> NDArray[np.bool_]:
    """Where the known matte is partial, and 10 pixels around it."""
    partial = ((true > 0.05) & (true < 0.95)).astype(np.uint8)
    return np.asarray(cv2.dilate(partial, np.ones((2 * _BAND_PX + 1,) * 2, np.uint8)), np.bool_)


def edge_error(found: Plane, true: Plane) -> float:
    """Mean absolute error in the edge band, 0 to 1."""
    return float(np.abs(found - true)[edge_band(true)].mean())


def mean_absolute_error(found: Sequence[Plane], true: Sequence[Plane]) -> float:
    return float(np.mean([np.abs(f - t).mean() for f, t in zip(found, true, strict=True)]))


def dtssd(found: Sequence[Plane], true: Sequence[Plane]) -> float:
    """How differently the mattes change from frame to frame, root mean square: 0 for the right changes.

    Erofeev, Gitman, Vatolin, Fedorov, Wang: "Perceptually Motivated Benchmark for Video Matting" (2015).
    """
    changes = np.diff(np.stack(found), axis=0) - np.diff(np.stack(true), axis=0)
    return float(np.sqrt((changes**2).mean()))
