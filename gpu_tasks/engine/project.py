"""Pictures in perspective: what of them lies in front of the camera, and where."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.resample import projected, shrunk
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.timeline.geometry import Rect
from gpu_tasks.timeline.transforms import Affine, Point, Projective, translation

NEAREST_DEPTH = 0.05
"""Shares of the camera's distance; what comes nearer is cut away."""
IntRect = tuple[int, int, int, int]


def projected_rect(
    k: Kernels, surface: Surface, matrix: Projective, visible: Callable[[Rect], IntRect | None]
) -> tuple[Surface, int, int] | None:
    """The part of the projected picture that `visible` (bounds → whole rectangle, or None) lets through: the surface
    and its corner."""
    outline = _in_front(matrix, _corners(surface))
    if len(outline) < 3:
        return None
    xs, ys = zip(*(matrix.apply(x, y) for x, y in outline), strict=True)
    rect = visible((min(xs), min(ys), max(xs), max(ys)))
    if rect is None:
        return None
    left, top, right, bottom = rect
    surface, matrix = _reduced(k, surface, matrix)
    moved = matrix.then(Projective.of(translation(-left, -top)))
    shown = projected(k, surface, moved, (right - left, bottom - top))
    if len(outline) > len(_corners(surface)) or min(_depths(moved, surface)) < NEAREST_DEPTH:
        shown = _cut_behind(k, shown, moved)
    return shown, left, top


def _corners(surface: Surface) -> list[Point]:
    width, height = surface.width, surface.height
    return [(0, 0), (width, 0), (width, height), (0, height)]


def _depths(matrix: Projective, surface: Surface) -> list[float]:
    return [matrix.depth(x, y) for x, y in _corners(surface)]


def _in_front(matrix: Projective, polygon: list[Point]) -> list[Point]:
    """The polygon without what is nearer than NEAREST_DEPTH or behind the camera (Sutherland & Hodgman 1974)."""
    kept: list[Point] = []
    for (x0, y0), (x1, y1) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        first, second = matrix.depth(x0, y0) - NEAREST_DEPTH, matrix.depth(x1, y1) - NEAREST_DEPTH
        if first >= 0:
            kept.append((x0, y0))
        if (first < 0) != (second < 0):
            share = first / (first - second)
            kept.append((x0 + (x1 - x0) * share, y0 + (y1 - y0) * share))
    return kept


def _reduced(k: Kernels, surface: Surface, matrix: Projective) -> tuple[Surface, Projective]:
    """The picture at about the size at which its middle is shown."""
    x, y = surface.width / 2, surface.height / 2
    if matrix.depth(x, y) < NEAREST_DEPTH:
        return surface, matrix
    here, right, down = matrix.apply(x, y), matrix.apply(x + 1, y), matrix.apply(x, y + 1)
    local = Affine(right[0] - here[0], down[0] - here[0], 0, right[1] - here[1], down[1] - here[1], 0)
    half, _ = shrunk(k, surface, local)
    if half is surface:
        return surface, matrix
    enlarged = Affine(a=surface.width / half.width, e=surface.height / half.height)
    return half, Projective.of(enlarged).then(matrix)


def _cut_behind(k: Kernels, surface: Surface, matrix: Projective) -> Surface:
    """Each target pixel sees one point of the picture's plane; those whose point is not in front show nothing."""
    inverse = np.linalg.inv(np.array(matrix.rows))
    step = surface.subsampling
    luma, chroma = (_front_mask(k, plane.shape, inverse, s) for plane, s in ((surface.y, 1), (surface.u, step)))
    y, u, v = k.multiply(surface.y, luma), k.multiply(surface.u, chroma), k.multiply(surface.v, chroma)
    assert surface.alpha is not None
    assert surface.alpha_c is not None
    alpha = k.multiply(surface.alpha, luma)
    return Surface(y, u, v, step, alpha, alpha if step == 1 else k.multiply(surface.alpha_c, chroma))


def _front_mask(k: Kernels, shape: tuple[int, ...], inverse: NDArray[np.float64], step: int) -> Plane:
    height, width = shape
    x, y = (np.arange(width) + 0.5) * step, (np.arange(height) + 0.5) * step
    inverse_depth = inverse[2, 0] * x[None, :] + inverse[2, 1] * y[:, None] + inverse[2, 2]
    front = (inverse_depth > 0) & (inverse_depth < 1 / NEAREST_DEPTH)
    mask: Plane = k.upload((front * 255).astype(np.uint8))
    return mask
