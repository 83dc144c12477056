"""Moving every pixel of a surface its own way."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from gpu_tasks.engine.kernels.definition.sample import bilinear

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Field:
    """Where each sample of a surface looks, in sample indices (x, y), at luma and at chroma size."""

    luma: tuple[Tensor, Tensor]
    chroma: tuple[Tensor, Tensor]


def field(dx: Tensor, dy: Tensor, size: Size, subsampling: int) -> Field:
    """Pixel p shows the picture at p + (dx, dy), in luma pixels; offsets on a coarser grid are interpolated."""
    luma = _positions(dx, dy, size, 1)
    if subsampling == 1:
        return Field(luma, luma)
    chroma = (-(-size[0] // subsampling), -(-size[1] // subsampling))
    return Field(luma, _positions(dx, dy, chroma, subsampling))


def _positions(dx: Tensor, dy: Tensor, size: Size, subsampling: int) -> tuple[Tensor, Tensor]:
    width, height = size
    offsets = interpolate(torch.stack([dx, dy])[None], (height, width), mode="bilinear", align_corners=False)[0]
    x = torch.arange(width, dtype=torch.float32, device=dx.device)[None, :]
    y = torch.arange(height, dtype=torch.float32, device=dx.device)[:, None]
    return (x + offsets[0] / subsampling, y + offsets[1] / subsampling)


def displace(planes: list[Tensor], field: Field, *, hold_edges: bool = True) -> list[Tensor]:
    """Every plane of a surface (in the order of `Surface.every_plane`), looked up after the field."""
    return [
        bilinear(plane, *(field.chroma if index in (1, 2, 4) else field.luma), hold_edges=hold_edges)
        for index, plane in enumerate(planes)
    ]
