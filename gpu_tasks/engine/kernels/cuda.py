"""The kernels in torch: on a GPU in half precision, on torch's CPU device, where the tests run them, in float32.

Planes live on the device as uint8. Each kernel takes them to real numbers, computes as its definition says, rounds,
clips and stores. Sums with weights beyond 1, and sample positions, are float32 on every device: half precision holds
code values to 1/8, too coarse for a weight of 5 and far too coarse for a position. Only the CUDA executor imports this.
"""

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.kernels import definition as truth
from gpu_tasks.engine.kernels.cuda_sample import bilinear, lattice_of, projected, wide_disc, wide_gaussian
from gpu_tasks.engine.kernels.definition.displace import Field
from gpu_tasks.engine.kernels.definition.resize import area_weights, cells
from gpu_tasks.engine.surface import Surface
from gpu_tasks.timeline.transforms import Affine, Projective

Planes = tuple[Tensor, Tensor, Tensor]
Size = tuple[int, int]
Masks = tuple[Tensor, Tensor]


class TorchKernels:
    """The `Kernels` of one torch device. Planes of a `Surface` are its uint8 tensors."""

    plane_matrix = staticmethod(cpu.plane_matrix)
    plane_projective = staticmethod(cpu.plane_projective)

    def __init__(self, device: str = "cuda", dtype: torch.dtype | None = None) -> None:
        self.device = torch.device(device)
        self.dtype = dtype or (torch.float16 if self.device.type == "cuda" else torch.float32)

    def _real(self, plane: Tensor) -> Tensor:
        return plane.to(self.dtype)

    # What never leaves 0-255 needs no real numbers.

    def copy(self, plane: Tensor, out: Tensor) -> Tensor:
        return out.copy_(plane)

    def fill(self, out: Tensor, value: int) -> Tensor:
        return out.fill_(value)

    def invert(self, plane: Tensor, out: Tensor | None = None) -> Tensor:
        return torch.bitwise_not(plane, out=out)

    def lighten(self, first: Tensor, second: Tensor, out: Tensor | None = None) -> Tensor:
        return torch.maximum(first, second, out=out)

    def darken(self, first: Tensor, second: Tensor, out: Tensor | None = None) -> Tensor:
        return torch.minimum(first, second, out=out)

    def difference(self, first: Tensor, second: Tensor, out: Tensor | None = None) -> Tensor:
        return torch.sub(torch.maximum(first, second), torch.minimum(first, second), out=out)

    def lut(self, plane: Tensor, table: Tensor, out: Tensor | None = None) -> Tensor:
        return _stored(table[plane.int()], out)

    def by_table(self, below: Tensor, above: Tensor, table: Tensor, out: Tensor) -> Tensor:
        return out.copy_(table.reshape(-1)[below.int().mul_(256).add_(above)])

    # Sums.

    def over(self, below: Tensor, above: Tensor, alpha: Tensor) -> None:
        _stored(truth.over(self._real(below), self._real(above), self._real(alpha)), below)

    def fade(self, plane: Tensor, amount: float, out: Tensor | None = None) -> Tensor:
        return _stored(truth.fade(self._real(plane), amount), out)

    def multiply(self, plane: Tensor, mask: Tensor, out: Tensor | None = None) -> Tensor:
        return _stored(truth.multiply(self._real(plane), self._real(mask)), out)

    def mix(self, first: Tensor, second: Tensor, amount: float, out: Tensor | None = None) -> Tensor:
        return _stored(truth.mix(self._real(first), self._real(second), amount), out)

    def mix_by(self, first: Tensor, second: Tensor, mask: Tensor, out: Tensor) -> Tensor:
        return _stored(truth.mix_by(self._real(first), self._real(second), self._real(mask)), out)

    def toward(self, plane: Tensor, alpha: Tensor | None, value: int, amount: float, out: Tensor) -> Tensor:
        cover = None if alpha is None else self._real(alpha)
        return _stored(truth.toward(self._real(plane), cover, value, amount), out)

    def toward_by(self, plane: Tensor, alpha: Tensor | None, value: int, mask: Tensor, out: Tensor) -> Tensor:
        cover = None if alpha is None else self._real(alpha)
        return _stored(truth.toward_by(self._real(plane), cover, value, self._real(mask)), out)

    def divide(self, plane: Tensor, alpha: Tensor, out: Tensor) -> Tensor:
        return _stored(truth.divide(self._real(plane), self._real(alpha)), out)

    def add(self, first: Tensor, second: Tensor, out: Tensor | None = None) -> Tensor:
        return _stored(truth.add(self._real(first), self._real(second)), out)

    def subtract(self, first: Tensor, second: Tensor, out: Tensor | None = None) -> Tensor:
        return _stored(truth.subtract(self._real(first), self._real(second)), out)

    def add_grain(self, plane: Tensor, grain: Tensor, out: Tensor) -> Tensor:
        return _stored(truth.add_grain(self._real(plane), grain), out)

    def weigh(self, planes: Sequence[Tensor], weights: Sequence[float], offset: float, out: Tensor) -> Tensor:
        return _stored(truth.weigh([plane.float() for plane in planes], weights, offset), out)

    def matrix(self, planes: Planes, weights: NDArray[np.float64], out: Planes) -> Planes:
        return _stored_all(truth.matrix(_floats(planes), weights), out)

    def ramp(self, field: Tensor, scale: float, offset: float, out: Tensor) -> Tensor:
        return _stored(truth.ramp(field, scale, offset), out)

    def lut3d(self, planes: Planes, table: Tensor, out: Sequence[Tensor]) -> Sequence[Tensor]:
        for value, plane in zip(truth.lut3d(planes, table), out, strict=True):
            _stored(value, plane)
        return out

    def to_rgb(self, surface: Surface, out: Planes) -> Planes:
        y, u, v, alpha = _parts(surface)
        return _stored_all(truth.to_rgb((y, u, v), alpha, surface.subsampling), out)

    def from_rgb(self, rgb: Planes, out: Surface) -> Surface:
        alpha = _parts(out)[3]
        _stored_all(truth.from_rgb(_floats(rgb), alpha, out.subsampling), out.every_plane()[:3])
        return out

    # Neighbourhoods.

    def gaussian(self, plane: Tensor, sigma_px: float, *, hold_edges: bool, out: Tensor) -> Tensor:
        return _stored(wide_gaussian(self._real(plane), sigma_px, hold_edges=hold_edges), out)

    def box(self, plane: Tensor, radius_x: int, radius_y: int, *, hold_edges: bool, out: Tensor) -> Tensor:
        return _stored(truth.box(self._real(plane), radius_x, radius_y, hold_edges=hold_edges), out)

    def disc(self, plane: Tensor, radius_px: float, *, hold_edges: bool, out: Tensor) -> Tensor:
        return _stored(wide_disc(self._real(plane), radius_px, hold_edges=hold_edges), out)

    # Other places and other sizes.

    def warp(self, plane: Tensor, matrix: Affine, size: Size, *, hold_edges: bool, out: Tensor | None = None) -> Tensor:
        lattice = projected(Projective.of(matrix), tuple(plane.shape), size, self.device)
        return _stored(bilinear(plane.float(), lattice, hold_edges=hold_edges), out)

    def project(
        self, plane: Tensor, matrix: Projective, size: Size, *, hold_edges: bool, out: Tensor, beyond: int = 0
    ) -> Tensor:
        lattice = projected(matrix, tuple(plane.shape), size, self.device)
        return _stored(bilinear(plane.float() - beyond, lattice, hold_edges=hold_edges) + beyond, out)

    def field(
        self, dx: NDArray[np.float32], dy: NDArray[np.float32], size: Size, subsampling: int, out: Any = None
    ) -> tuple[Tensor, Tensor]:
        """Where each sample of a surface looks, at luma and at chroma size: height × width × (x, y) sample indices."""
        found: Field = truth.field(self.upload(dx), self.upload(dy), size, subsampling)
        luma = torch.stack(found.luma, dim=-1)
        return (luma, luma if subsampling == 1 else torch.stack(found.chroma, dim=-1))

    def displace(
        self, surface: Surface, field: tuple[Tensor, Tensor], out: Surface, *, hold_edges: bool = True
    ) -> Surface:
        for index, (plane, target) in enumerate(zip(surface.every_plane(), out.every_plane(), strict=True)):
            source = torch.as_tensor(plane)
            lattice = lattice_of(field[1] if index in (1, 2, 4) else field[0], tuple(source.shape))
            _stored(bilinear(source.float(), lattice, hold_edges=hold_edges), target)
        return out

    def shrink(self, plane: Tensor, size: Size, out: Tensor | None = None) -> Tensor:
        rows, columns = self._area_weights(plane.shape[0], size[1]), self._area_weights(plane.shape[1], size[0])
        return _stored(rows @ self._real(plane) @ columns.T, out)

    def enlarge(self, plane: Tensor, size: Size, *, smooth: bool, out: Tensor | None = None) -> Tensor:
        return _stored(truth.enlarge(self._real(plane), size, smooth=smooth), out)

    def mosaic(self, plane: Tensor, edges_x: NDArray[np.intp], edges_y: NDArray[np.intp], out: Tensor) -> Tensor:
        rows, row_of = self._cells(tuple(edges_y.tolist()))
        columns, column_of = self._cells(tuple(edges_x.tolist()))
        means = rows @ self._real(plane) @ columns.T
        return _stored(means[row_of[:, None], column_of[None, :]], out)

    def subsample(self, plane: Tensor, out: Tensor | None = None) -> Tensor:
        return _stored(truth.subsample(self._real(plane)), out)

    def upsample(self, plane: Tensor, size: Size, out: Tensor) -> Tensor:
        return _stored(truth.upsample(self._real(plane), size), out)

    # Memory.

    def full_mask(self, width: int, height: int) -> Tensor:
        (mask,) = self._masks(cpu.full_mask, width, height)
        return torch.as_tensor(mask)

    def rounded_mask(self, width: int, height: int, radius_px: float, subsampling: int) -> Masks:
        luma, chroma = self._masks(cpu.rounded_mask, width, height, radius_px, subsampling)
        return (luma, chroma)

    def ring_mask(self, width: int, height: int, radius_px: float, width_px: float, subsampling: int) -> Masks:
        luma, chroma = self._masks(cpu.ring_mask, width, height, radius_px, width_px, subsampling)
        return (luma, chroma)

    def empty(self, shape: tuple[int, ...]) -> Tensor:
        return torch.empty(shape, dtype=torch.uint8, device=self.device)

    def upload(self, array: NDArray[Any]) -> Tensor:
        return torch.tensor(array, device=self.device)

    # Kept between frames: what depends on sizes alone.

    @cached_property
    def _masks(self) -> Any:
        return lru_cache(32)(self._uploaded_masks)

    def _uploaded_masks(self, make: Any, *arguments: Any) -> tuple[Tensor, ...]:
        made = make(*arguments)
        return tuple(self.upload(mask) for mask in (made if isinstance(made, tuple) else (made,)))

    @cached_property
    def _area_weights(self) -> Any:
        return lru_cache(16)(lambda length, target: self._real(area_weights(length, target)).to(self.device))

    @cached_property
    def _cells(self) -> Any:
        return lru_cache(16)(self._made_cells)

    def _made_cells(self, edges: tuple[int, ...]) -> tuple[Tensor, Tensor]:
        weights, cell_of = cells(np.array(edges, np.intp))
        return self._real(weights).to(self.device), cell_of.to(self.device)


def _stored(value: Tensor, out: Any) -> Tensor:
    """Round and clip into `out`, or into a new plane."""
    if value.is_floating_point():
        value = value.round().clamp_(0, 255)
    if out is None:
        return value.to(torch.uint8)
    stored: Tensor = out.copy_(value)
    return stored


def _stored_all(values: Planes, out: Sequence[Any]) -> Planes:
    first, second, third = (_stored(value, plane) for value, plane in zip(values, out, strict=True))
    return (first, second, third)


def _floats(planes: Sequence[Any]) -> Planes:
    first, second, third = (plane.float() for plane in planes)
    return (first, second, third)


def _parts(surface: Surface) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
    """Y, U, V and the alpha at luma size, in float32."""
    y, u, v = _floats(surface.every_plane()[:3])
    return (y, u, v, None if surface.alpha is None else torch.as_tensor(surface.alpha).float())
