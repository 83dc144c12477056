"""Neighbourhood filters."""

import math

import cv2
import numpy as np

from gpu_tasks.engine.kernels.cpu.reduce import on_reduced
from gpu_tasks.engine.kernels.cpu.spare import spare
from gpu_tasks.engine.surface import Plane

REACH_SIGMAS = 2.5
"""Taps are weighted in 1/256 steps: those further out round to nothing."""
PYRAMID_SIGMA_PX, REDUCED_SIGMA_PX = 2.0, 20.0
"""From where on a blur runs on the next level of a pyramid, and from where on a copy that is reduced at once."""
_MARGIN_PX = 8
_BINOMIAL_VARIANCE = 1.0


def gaussian(plane: Plane, sigma_px: float, *, hold_edges: bool, out: Plane) -> Plane:
    """Gaussian blur. Beyond the edges lies 0, or the nearest sample with `hold_edges`.

    All but a narrow blur runs on smaller pictures, whose own softness is part of it: a fraction of the cost.
    """
    if sigma_px < 0.05:
        np.copyto(out, plane)
        return out
    border = cv2.BORDER_REPLICATE if hold_edges else cv2.BORDER_CONSTANT
    # Linear interpolation between samples a quarter of sigma apart stays within 2/255.
    step = int((sigma_px + 1) / 4)
    if sigma_px < REDUCED_SIGMA_PX or min(plane.shape) < 4 * step:
        return _blurred(plane, sigma_px, border, out)
    # Variances add: that of working on a reduced copy is step²/4.
    left_px = max(sigma_px**2 - step**2 / 4, 0.01) ** 0.5 / step
    return on_reduced(plane, step, border, lambda source, target: _blurred(source, left_px, border, target), out)


def _blurred(plane: Plane, sigma_px: float, border: int, out: Plane, level: int = 0) -> Plane:
    if sigma_px >= PYRAMID_SIGMA_PX:
        return _blurred_below(plane, sigma_px, border, out, level)
    size = 2 * math.ceil(REACH_SIGMAS * sigma_px) + 1
    return cv2.GaussianBlur(plane, (size, size), sigma_px, dst=out, borderType=border)


def _blurred_below(plane: Plane, sigma_px: float, border: int, out: Plane, level: int) -> Plane:
    """The blur on the next level of a Gaussian pyramid (Burt and Adelson 1983), half as large.

    The binomial of 5 taps on the way down keeps fine patterns from becoming coarse ones; the same on the way up
    interpolates so smoothly that no grid shows. Each adds a variance of 1 to that of the blur between them.
    """
    (height, width), margin = plane.shape, _MARGIN_PX
    sides = (margin, margin + height % 2, margin, margin + width % 2)
    shape = (sides[0] + height + sides[1], sides[2] + width + sides[3])
    half, slot = (shape[0] // 2, shape[1] // 2), 3 * (level + 1)
    wide = cv2.copyMakeBorder(plane, *sides, border, dst=spare(shape, np.uint8, slot), value=0)
    small = cv2.pyrDown(wide, dst=spare(half, np.uint8, slot + 1), borderType=cv2.BORDER_REPLICATE)
    left_px = (sigma_px**2 - 2 * _BINOMIAL_VARIANCE) ** 0.5 / 2
    soft = _blurred(small, left_px, border, spare(half, np.uint8, slot + 2), level + 1)
    large = cv2.pyrUp(soft, dst=wide)
    np.copyto(out, large[margin : margin + height, margin : margin + width])
    return out


def box(plane: Plane, radius_x: int, radius_y: int, *, hold_edges: bool, out: Plane) -> Plane:
    """Mean over (2·radius_x + 1) × (2·radius_y + 1) samples. Edges as in `gaussian`."""
    border = cv2.BORDER_REPLICATE if hold_edges else cv2.BORDER_CONSTANT
    return cv2.blur(plane, (2 * radius_x + 1, 2 * radius_y + 1), dst=out, borderType=border)
