"""Other sizes of a plane: area means, enlargements, mosaics, and chroma siting."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate

Size = tuple[int, int]
Edges = NDArray[np.intp]


def shrink(plane: Tensor, size: Size) -> Tensor:
    """Area mean: each target sample averages the source area that it covers."""
    rows, columns = area_weights(plane.shape[0], size[1]), area_weights(plane.shape[1], size[0])
    return rows.to(plane) @ plane @ columns.to(plane).T


def area_weights(length: int, target: int) -> Tensor:
    """target × length: what share each source sample has in each target sample."""
    edges = torch.linspace(0, length, target + 1, dtype=torch.float64)
    starts = torch.arange(length, dtype=torch.float64)[None, :]
    overlap = (torch.minimum(edges[1:, None], starts + 1) - torch.maximum(edges[:-1, None], starts)).clamp(min=0)
    return overlap / overlap.sum(dim=1, keepdim=True)


def enlarge(plane: Tensor, size: Size, *, smooth: bool) -> Tensor:
    """Linear between sample centres, edges held; or the sample whose area holds the target's centre."""
    if smooth:
        return interpolate(plane[None, None], size[::-1], mode="bilinear", align_corners=False)[0, 0]
    rows, columns = _nearest(plane.shape[0], size[1], plane), _nearest(plane.shape[1], size[0], plane)
    return plane[rows[:, None], columns[None, :]]


def _nearest(length: int, target: int, like: Tensor) -> Tensor:
    return ((2 * torch.arange(target, device=like.device) + 1) * length).div(2 * target, rounding_mode="floor")


def mosaic(plane: Tensor, edges_x: Edges, edges_y: Edges) -> Tensor:
    """Each sample becomes the mean of its cell [edges_x[i], edges_x[i+1]) × [edges_y[j], edges_y[j+1])."""
    rows, row_of = cells(edges_y)
    columns, column_of = cells(edges_x)
    means = rows.to(plane) @ plane @ columns.to(plane).T
    return means[row_of[:, None], column_of[None, :]]


def cells(edges: Edges) -> tuple[Tensor, Tensor]:
    """The weights of each cell's mean (cells × samples), and each sample's cell."""
    counts = np.diff(edges)
    index = np.arange(edges[-1])[None, :]
    inside = (index >= edges[:-1, None]) & (index < edges[1:, None])
    cell_of = np.repeat(np.arange(len(counts)), counts)
    return torch.from_numpy(inside / counts[:, None]), torch.from_numpy(cell_of)


def subsample(plane: Tensor) -> Tensor:
    """Left-sited 4:2:0 (Rec. ITU-T H.264, table E-3, type 0): [1 2 1]/4 across, two rows' mean down.

    Beyond the edges the picture is mirrored about its first and last column; an odd last row stands for two.
    """
    width = plane.shape[1]
    left, right = min(1, width - 1), max(0, width - 2)
    padded = torch.cat([plane[:, left : left + 1], plane, plane[:, right : right + 1]], dim=1)
    across = ((padded[:, :-2] + padded[:, 2:]) / 2 + padded[:, 1:-1])[:, ::2] / 2
    if across.shape[0] % 2:
        across = torch.cat([across, across[-1:]])
    return (across[::2] + across[1::2]) / 2


def upsample(plane: Tensor, size: Size) -> Tensor:
    """Left-sited 4:2:0 to 4:4:4, linear between samples, edges held: chroma sample (i, j) lies at luma (2i, 2j + ½)."""
    width, height = size
    above, below = torch.cat([plane[:1], plane[:-1]]), torch.cat([plane[1:], plane[-1:]])
    tall = torch.stack([plane * 0.75 + above * 0.25, plane * 0.75 + below * 0.25], dim=1).flatten(0, 1)
    following = torch.cat([tall[:, 1:], tall[:, -1:]], dim=1)
    return torch.stack([tall, (tall + following) / 2], dim=2).flatten(1, 2)[:height, :width]
