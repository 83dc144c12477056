"""Surfaces through affine and perspective maps."""

import math

from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.timeline.transforms import Affine, Projective


def coverage(k: Kernels, surface: Surface) -> tuple[Plane, Plane]:
    """The alpha planes at luma and chroma size; full ones (shared: read only) for an opaque surface."""
    if surface.alpha is not None and surface.alpha_c is not None:
        return surface.alpha, surface.alpha_c
    height, width = surface.u.shape
    return k.full_mask(surface.width, surface.height), k.full_mask(width, height)


def warped(k: Kernels, surface: Surface, matrix: Affine, size: tuple[int, int], *, hold_edges: bool) -> Surface:
    """Resample into a new surface of `size`; opaque only when it is and its edges are held."""
    step = surface.subsampling
    chroma, in_chroma = _chroma_size(size, step), k.plane_matrix(matrix, step)

    def resample(plane: Plane, is_chroma: bool) -> Plane:
        target = (in_chroma, chroma) if is_chroma else (matrix, size)
        return k.warp(plane, *target, hold_edges=hold_edges)

    y, u, v = resample(surface.y, False), resample(surface.u, True), resample(surface.v, True)
    if surface.is_opaque and hold_edges:
        return Surface(y, u, v, step)
    alpha, alpha_c = coverage(k, surface)
    moved = resample(alpha, False)
    return Surface(y, u, v, step, moved, moved if step == 1 else resample(alpha_c, True))


def projected(k: Kernels, surface: Surface, matrix: Projective, size: tuple[int, int]) -> Surface:
    """Resample through a perspective into a new surface of `size`, transparent around the picture."""
    step = surface.subsampling
    chroma, in_chroma = _chroma_size(size, step), k.plane_projective(matrix, step)

    def resample(plane: Plane, is_chroma: bool) -> Plane:
        map_, target = (in_chroma, chroma) if is_chroma else (matrix, size)
        return k.project(plane, map_, target, hold_edges=False, out=k.empty((target[1], target[0])))

    alpha, alpha_c = coverage(k, surface)
    y, u, v = resample(surface.y, False), resample(surface.u, True), resample(surface.v, True)
    moved = resample(alpha, False)
    return Surface(y, u, v, step, moved, moved if step == 1 else resample(alpha_c, True))


def shrunk(k: Kernels, surface: Surface, matrix: Affine) -> tuple[Surface, Affine]:
    """Halve the picture as long as it is shown at less than half its size: bilinear warps skip samples there."""
    while min(surface.width, surface.height) >= 4 and _stretch(matrix) < 0.5:
        half = _halved(k, surface)
        matrix = Affine(a=surface.width / half.width, e=surface.height / half.height).then(matrix)
        surface = half
    return surface, matrix


def _halved(k: Kernels, surface: Surface) -> Surface:
    step = surface.subsampling
    luma = (surface.width // 2, surface.height // 2)
    chroma = _chroma_size(luma, step)
    y, u, v = k.shrink(surface.y, luma), k.shrink(surface.u, chroma), k.shrink(surface.v, chroma)
    if surface.alpha is None or surface.alpha_c is None:
        return Surface(y, u, v, step)
    alpha = k.shrink(surface.alpha, luma)
    return Surface(y, u, v, step, alpha, alpha if step == 1 else k.shrink(surface.alpha_c, chroma))


def _stretch(matrix: Affine) -> float:
    """The larger of the two axes' magnifications."""
    return max(math.hypot(matrix.a, matrix.d), math.hypot(matrix.b, matrix.e))


def _chroma_size(size: tuple[int, int], step: int) -> tuple[int, int]:
    return (-(-size[0] // step), -(-size[1] // step))
