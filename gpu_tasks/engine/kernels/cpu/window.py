"""Rectangles of planes that may reach beyond them."""

import cv2
import numpy as np

from gpu_tasks.engine.kernels.cpu.spare import spare
from gpu_tasks.engine.surface import Plane


def window(
    plane: Plane, left: int, top: int, width: int, height: int, *, hold_edges: bool, out: Plane | None = None
) -> Plane:
    """A rectangle of a plane that may reach beyond it: 0 lies there, or the nearest edge sample with `hold_edges`.

    Without `out` it is a view of the plane where it can be, else memory that the next kernel overwrites.
    """
    right, bottom = left + width, top + height
    rows, columns = plane.shape
    inside = plane[_clamped(top, rows) : _clamped(bottom, rows), _clamped(left, columns) : _clamped(right, columns)]
    if inside.shape == (height, width):
        return inside if out is None else _copied(inside, out)
    if inside.size == 0 and not hold_edges:
        nothing = spare((height, width), np.uint8, 1) if out is None else out
        nothing.fill(0)
        return nothing
    if inside.size == 0:
        nearest_y, nearest_x = min(max(top, 0), rows - 1), min(max(left, 0), columns - 1)
        inside = plane[nearest_y : nearest_y + max(1, inside.shape[0]), nearest_x : nearest_x + max(1, inside.shape[1])]
    pad_top, pad_left = max(0, min(-top, height - inside.shape[0])), max(0, min(-left, width - inside.shape[1]))
    return cv2.copyMakeBorder(
        inside,
        pad_top,
        height - inside.shape[0] - pad_top,
        pad_left,
        width - inside.shape[1] - pad_left,
        cv2.BORDER_REPLICATE if hold_edges else cv2.BORDER_CONSTANT,
        dst=spare((height, width), np.uint8, 1) if out is None else out,
        value=0,
    )


def _copied(plane: Plane, out: Plane) -> Plane:
    np.copyto(out, plane)
    return out


def _clamped(index: int, length: int) -> int:
    return min(max(index, 0), length)
