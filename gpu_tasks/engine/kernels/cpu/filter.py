"""Neighbourhood filters."""

import math

import cv2
import numpy as np

from gpu_tasks.engine.kernels.cpu.spare import spare
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
    return _reduced_gaussian(plane, sigma_px, step, border, out)


def _blurred(plane: Plane, sigma_px: float, border: int, out: Plane) -> Plane:
    reach = SHORT_REACH_SIGMAS if sigma_px <= SHORT_SIGMA_PX else REACH_SIGMAS
    size = 2 * math.ceil(reach * sigma_px) + 1
    return cv2.GaussianBlur(plane, (size, size), sigma_px, dst=out, borderType=border)


def _reduced_gaussian(plane: Plane, sigma_px: float, step: int, border: int, out: Plane) -> Plane:
    """Blur the means of step × step samples and interpolate between them."""
    height, width = plane.shape
    # A margin all round: half a reduced sample inside of the edges, what lies outside still shows through.
    sides = (step, step - height % -step, step, step - width % -step)
    shape = (sides[0] + height + sides[1], sides[2] + width + sides[3])
    wide = cv2.copyMakeBorder(plane, *sides, border, dst=spare(shape, np.uint8, 0), value=0)
    reduced = (shape[0] // step, shape[1] // step)
    small = cv2.resize(wide, reduced[::-1], dst=spare(reduced, np.uint8, 1), interpolation=cv2.INTER_AREA)
    # Variances add: the box of the reduction step²/12, the triangle of the enlargement step²/6.
    left = max(sigma_px**2 - step**2 / 4, 0.01) ** 0.5
    blurred = _blurred(small, left / step, border, spare(reduced, np.uint8, 2))
    large = cv2.resize(blurred, shape[::-1], dst=wide, interpolation=cv2.INTER_LINEAR)
    np.copyto(out, large[step : step + height, step : step + width])
    return out


def box(plane: Plane, radius_x: int, radius_y: int, *, hold_edges: bool, out: Plane) -> Plane:
    """Mean over (2·radius_x + 1) × (2·radius_y + 1) samples. Edges as in `gaussian`."""
    border = cv2.BORDER_REPLICATE if hold_edges else cv2.BORDER_CONSTANT
    return cv2.blur(plane, (2 * radius_x + 1, 2 * radius_y + 1), dst=out, borderType=border)
