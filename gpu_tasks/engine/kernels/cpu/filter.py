"""Neighbourhood filters."""

import cv2
import numpy as np

from gpu_tasks.engine.kernels.cpu.spare import spare
from gpu_tasks.engine.surface import Plane

WIDE_SIGMA_PX = 4.0


def gaussian(plane: Plane, sigma_px: float, *, hold_edges: bool, out: Plane) -> Plane:
    """Gaussian blur. Beyond the edges lies 0, or the nearest sample with `hold_edges`.

    A wide blur runs on a reduced copy, whose own softness is part of the blur: a fraction of the cost.
    """
    if sigma_px < 0.05:
        np.copyto(out, plane)
        return out
    border = cv2.BORDER_REPLICATE if hold_edges else cv2.BORDER_CONSTANT
    step = max(1, int(sigma_px / WIDE_SIGMA_PX))
    if step == 1 or min(plane.shape) < 4 * step:
        return cv2.GaussianBlur(plane, (0, 0), sigma_px, dst=out, borderType=border)
    return _reduced_gaussian(plane, sigma_px, step, border, out)


def _reduced_gaussian(plane: Plane, sigma_px: float, step: int, border: int, out: Plane) -> Plane:
    """Blur the means of step × step samples and interpolate between them."""
    height, width = plane.shape
    rows, columns = -(-height // step), -(-width // step)
    whole = _grown(plane, (0, rows * step - height, 0, columns * step - width), border, 0)
    small = cv2.resize(whole, (columns, rows), dst=spare((rows, columns), np.uint8, 1), interpolation=cv2.INTER_AREA)
    # What lies outside shows through half a reduced sample inside of the edges: blur a margin of it, too.
    small = _grown(small, (1, 1, 1, 1), border, 2)
    # Variances add: the box of the reduction step²/12, the triangle of the enlargement step²/6.
    left = max(sigma_px**2 - step**2 / 4, 0.01) ** 0.5
    blurred = cv2.GaussianBlur(small, (0, 0), left / step, dst=spare(small.shape, np.uint8, 3), borderType=border)
    shape = ((rows + 2) * step, (columns + 2) * step)
    large = cv2.resize(blurred, shape[::-1], dst=spare(shape, np.uint8, 4), interpolation=cv2.INTER_LINEAR)
    np.copyto(out, large[step : step + height, step : step + width])
    return out


def _grown(plane: Plane, sides: tuple[int, int, int, int], border: int, slot: int) -> Plane:
    """The plane with rows above and below and columns left and right of what lies beyond its edges."""
    if not any(sides):
        return plane
    shape = (plane.shape[0] + sides[0] + sides[1], plane.shape[1] + sides[2] + sides[3])
    return cv2.copyMakeBorder(plane, *sides, border, dst=spare(shape, np.uint8, slot), value=0)


def box(plane: Plane, radius_x: int, radius_y: int, *, hold_edges: bool, out: Plane) -> Plane:
    """Mean over (2·radius_x + 1) × (2·radius_y + 1) samples. Edges as in `gaussian`."""
    border = cv2.BORDER_REPLICATE if hold_edges else cv2.BORDER_CONSTANT
    return cv2.blur(plane, (2 * radius_x + 1, 2 * radius_y + 1), dst=out, borderType=border)
