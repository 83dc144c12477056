"""The kernels as float definitions in torch: the truth that every executor is held to, within 2/255.

Planes are float32 tensors of code values 0-255. Slow and plain on purpose; never imported when a CPU renders.
"""

import torch
from torch import Tensor

from gpu_tasks.engine.kernels.colour import RGB_TO_YUV_709
from gpu_tasks.timeline.transforms import Affine


def over(below: Tensor, above: Tensor, alpha: Tensor) -> Tensor:
    """Porter & Duff 1984, premultiplied."""
    return above + below * (1 - alpha / 255)


def fade(plane: Tensor, amount: float) -> Tensor:
    return plane * amount


def multiply(plane: Tensor, mask: Tensor) -> Tensor:
    return plane * mask / 255


def mix(first: Tensor, second: Tensor, amount: float) -> Tensor:
    return first * (1 - amount) + second * amount


def toward(plane: Tensor, alpha: Tensor | None, value: int, amount: float) -> Tensor:
    target = torch.full_like(plane, float(value)) if alpha is None else alpha / 255 * value
    return plane * (1 - amount) + target * amount


def divide(plane: Tensor, alpha: Tensor) -> Tensor:
    return torch.where(alpha > 0, plane * 255 / alpha.clamp(min=1), torch.zeros_like(plane)).clamp(0, 255)


def warp(plane: Tensor, matrix: Affine, size: tuple[int, int], *, hold_edges: bool) -> Tensor:
    """Bilinear resampling: target centre (x+½, y+½) shows the source at the inverse of `matrix`."""
    width, height = size
    determinant = matrix.a * matrix.e - matrix.b * matrix.d
    xs = torch.arange(width, dtype=torch.float64)[None, :] + 0.5 - matrix.c
    ys = torch.arange(height, dtype=torch.float64)[:, None] + 0.5 - matrix.f
    u = (matrix.e * xs - matrix.b * ys) / determinant - 0.5
    v = (matrix.a * ys - matrix.d * xs) / determinant - 0.5
    u0, v0 = u.floor(), v.floor()
    fu, fv = (u - u0).float(), (v - v0).float()
    top = _sample(plane, u0, v0, hold_edges) * (1 - fu) + _sample(plane, u0 + 1, v0, hold_edges) * fu
    bottom = _sample(plane, u0, v0 + 1, hold_edges) * (1 - fu) + _sample(plane, u0 + 1, v0 + 1, hold_edges) * fu
    return top * (1 - fv) + bottom * fv


def _sample(plane: Tensor, x: Tensor, y: Tensor, hold_edges: bool) -> Tensor:
    height, width = plane.shape
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    values = plane[y.clamp(0, height - 1).long(), x.clamp(0, width - 1).long()]
    return values if hold_edges else torch.where(inside, values, torch.zeros_like(values))


def shrink(plane: Tensor, size: tuple[int, int]) -> Tensor:
    """Area mean: each target sample averages the source area that it covers."""
    rows = _area_weights(plane.shape[0], size[1])
    columns = _area_weights(plane.shape[1], size[0])
    return rows @ plane @ columns.T


def _area_weights(length: int, target: int) -> Tensor:
    edges = torch.linspace(0, length, target + 1)
    low = torch.maximum(edges[:-1, None], torch.arange(length)[None, :])
    high = torch.minimum(edges[1:, None], torch.arange(1, length + 1)[None, :])
    overlap = (high - low).clamp(min=0)
    return overlap / overlap.sum(dim=1, keepdim=True)


def subsample(plane: Tensor) -> Tensor:
    """Left-sited 4:2:0 (Rec. ITU-T H.264, table E-3, type 0): [1 2 1]/4 across, two rows' mean down."""
    padded = torch.cat([plane[:, 1:2], plane, plane[:, -2:-1]], dim=1)
    across = (padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:])[:, ::2] / 4
    if across.shape[0] % 2:
        across = torch.cat([across, across[-1:]])
    return (across[::2] + across[1::2]) / 2


def yuv_from_rgba(rgba: Tensor) -> Tensor:
    """Premultiplied RGBA (height × width × 4) to premultiplied full-size Y'CbCr (height × width × 3)."""
    return rgba @ torch.from_numpy(RGB_TO_YUV_709).float().T
