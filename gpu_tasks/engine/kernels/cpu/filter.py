"""Neighbourhood filters."""

import math

import cv2
import numpy as np

from gpu_tasks.engine.kernels.cpu.reduce import on_reduced
from gpu_tasks.engine.surface import Plane

REACH_SIGMAS, SHORT_REACH_SIGMAS, SHORT_SIGMA_PX = 3.5, 2.5, 3.2
"""Taps are weighted in 1/256 steps: those of a narrow Gaussian round to nothing earlier than those of a wide one."""


def gaussian(plane: Plane, sigma_px: float, *, hold_edges: bool, out: Plane) -> Plane:
    """Gaussian blur. Beyond the edges lies 0, or the nearest sample with `hold_edges`.

    A wide blur runs on a reduced copy, whose own softness is part of the blur: a fraction of the cost.
    """
    if sigma_px < 0.05:
        np.copyto(out, plane)
        return out
    border = cv2.BORDER_REPLICATE if hold_edges else cv2.BORDER_CONSTANT
    # Linear interpolation between samples a quarter of sigma apart stays within 2/255.
    step = max(1, int((sigma_px + 1) / 4))
    if step == 1 or min(plane.shape) < 4 * step:
        return _blurred(plane, sigma_px, border, out)
    # Variances add: that of working on a reduced copy is step²/4.
    left_px = max(sigma_px**2 - step**2 / 4, 0.01) ** 0.5 / step
    return on_reduced(plane, step, border, lambda source, target: _blurred(source, left_px, border, target), out)


def _blurred(plane: Plane, sigma_px: float, border: int, out: Plane) -> Plane:
    reach = SHORT_REACH_SIGMAS if sigma_px <= SHORT_SIGMA_PX else REACH_SIGMAS
    size = 2 * math.ceil(reach * sigma_px) + 1
    return cv2.GaussianBlur(plane, (size, size), sigma_px, dst=out, borderType=border)


def box(plane: Plane, radius_x: int, radius_y: int, *, hold_edges: bool, out: Plane) -> Plane:
    """Mean over (2·radius_x + 1) × (2·radius_y + 1) samples. Edges as in `gaussian`."""
    border = cv2.BORDER_REPLICATE if hold_edges else cv2.BORDER_CONSTANT
    return cv2.blur(plane, (2 * radius_x + 1, 2 * radius_y + 1), dst=out, borderType=border)
