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
    height, width = plane.shape
    if step == 1 or min(height, width) < 4 * step:
        return cv2.GaussianBlur(plane, (0, 0), sigma_px, dst=out, borderType=border)
    size = (max(1, round(width / step)), max(1, round(height / step)))
    small = cv2.resize(plane, size, dst=spare(size[::-1], np.uint8, 0), interpolation=cv2.INTER_AREA)
    # Variances add: the box of the reduction step²/12, the triangle of the enlargement step²/6.
    left = max(sigma_px**2 - step**2 / 4, 0.01) ** 0.5
    blurred = cv2.GaussianBlur(
        small, (0, 0), left * size[0] / width, dst=spare(size[::-1], np.uint8, 1), borderType=border
    )
    return cv2.resize(blurred, (width, height), dst=out, interpolation=cv2.INTER_LINEAR)


def box(plane: Plane, radius_x: int, radius_y: int, *, hold_edges: bool, out: Plane) -> Plane:
    """Mean over (2·radius_x + 1) × (2·radius_y + 1) samples. Edges as in `gaussian`."""
    border = cv2.BORDER_REPLICATE if hold_edges else cv2.BORDER_CONSTANT
    return cv2.blur(plane, (2 * radius_x + 1, 2 * radius_y + 1), dst=out, borderType=border)
