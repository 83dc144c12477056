"""Looking up every sample somewhere else: affine and perspective warps, bilinear between samples."""

import torch
from torch import Tensor

from gpu_tasks.timeline.transforms import Affine, Projective

Size = tuple[int, int]


def warp(plane: Tensor, matrix: Affine, size: Size, *, hold_edges: bool) -> Tensor:
    """Target centre (x+½, y+½) shows the source at the inverse of `matrix`."""
    return project(plane, Projective.of(matrix), size, hold_edges=hold_edges)


def project(plane: Tensor, matrix: Projective, size: Size, *, hold_edges: bool, beyond: int = 0) -> Tensor:
    """As `warp`, through a perspective: (x, y, 1) · inverse, divided by its third component. Outside lies `beyond`."""
    width, height = size
    x = torch.arange(width, dtype=torch.float64, device=plane.device)[None, :] + 0.5
    y = torch.arange(height, dtype=torch.float64, device=plane.device)[:, None] + 0.5
    u, v, w = (row[0] * x + row[1] * y + row[2] for row in matrix.inverse().rows)
    return beyond + bilinear(plane - beyond, u / w - 0.5, v / w - 0.5, hold_edges=hold_edges)


def bilinear(plane: Tensor, x: Tensor, y: Tensor, *, hold_edges: bool) -> Tensor:
    """The plane at sample indices (x, y), 0 being the centre of the first sample."""
    x0, y0 = x.floor(), y.floor()
    across, down = (x - x0).to(plane.dtype), (y - y0).to(plane.dtype)
    top = _at(plane, x0, y0, hold_edges) * (1 - across) + _at(plane, x0 + 1, y0, hold_edges) * across
    bottom = _at(plane, x0, y0 + 1, hold_edges) * (1 - across) + _at(plane, x0 + 1, y0 + 1, hold_edges) * across
    return top * (1 - down) + bottom * down


def _at(plane: Tensor, x: Tensor, y: Tensor, hold_edges: bool) -> Tensor:
    height, width = plane.shape
    values = plane[y.clamp(0, height - 1).long(), x.clamp(0, width - 1).long()]
    if hold_edges:
        return values
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    return torch.where(inside, values, torch.zeros_like(values))
