"""Moving every pixel of a surface its own way."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.kernels.cpu.spare import spare
from gpu_tasks.engine.surface import Plane, Surface

Offsets = NDArray[np.float32]
_Maps = tuple[NDArray[np.int16], NDArray[np.uint16]]
_GRID_STEP = 256


@dataclass(frozen=True, slots=True)
class Field:
    """Where each sample of a surface looks: fixed-point maps at luma and at chroma size."""

    luma: _Maps
    chroma: _Maps


def _grid(width: int, height: int) -> tuple[Offsets, Offsets]:
    """x and y of every sample: a corner of a kept grid, which planes of similar sizes share."""
    x, y = _kept_grid(-(-width // _GRID_STEP) * _GRID_STEP, -(-height // _GRID_STEP) * _GRID_STEP)
    return x[:height, :width], y[:height, :width]


@lru_cache(maxsize=8)
def _kept_grid(width: int, height: int) -> tuple[Offsets, Offsets]:
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return x, y


def field(dx: Offsets, dy: Offsets, size: tuple[int, int], subsampling: int, out: Field | None = None) -> Field:
    """A field for surfaces of `size` (width, height): pixel p shows the picture at p + (dx, dy), in luma pixels.

    The offsets may be given on a coarser grid that covers the picture evenly; they are interpolated. `out` is a
    field of the same size and subsampling that is no longer needed: its memory is used.
    """
    luma = _maps(dx, dy, size, 1, out.luma if out else None)
    if subsampling == 1:
        return Field(luma, luma)
    chroma = (-(-size[0] // subsampling), -(-size[1] // subsampling))
    return Field(luma, _maps(dx, dy, chroma, subsampling, out.chroma if out else None))


def _maps(dx: Offsets, dy: Offsets, size: tuple[int, int], subsampling: int, out: _Maps | None) -> _Maps:
    columns, rows = _grid(*size)
    x = _positions(dx, columns, subsampling, 0)
    y = _positions(dy, rows, subsampling, 1)
    kept = out or (None, None)
    return cv2.convertMaps(x, y, cv2.CV_16SC2, dstmap1=kept[0], dstmap2=kept[1])


def _positions(offsets: Offsets, from_px: Offsets, subsampling: int, slot: int) -> Offsets:
    height, width = from_px.shape
    stretched = cv2.resize(offsets, (width, height), dst=spare(from_px.shape, np.float32, slot + 2))
    return cv2.addWeighted(stretched, 1 / subsampling, from_px, 1, 0, dst=spare(from_px.shape, np.float32, slot))


def displace(surface: Surface, field: Field, out: Surface, *, hold_edges: bool = True) -> Surface:
    """Move the pixels of a surface after a field made for its size. Outside lies nothing, or the nearest edge."""
    for index, (plane, target) in enumerate(zip(surface.every_plane(), out.every_plane(), strict=True)):
        maps = field.chroma if index in (1, 2, 4) else field.luma
        _remap(plane, maps, target, hold_edges=hold_edges)
    return out


def _remap(plane: Plane, maps: _Maps, out: Plane, *, hold_edges: bool) -> None:
    border = cv2.BORDER_REPLICATE if hold_edges else cv2.BORDER_CONSTANT
    cv2.remap(plane, *maps, cv2.INTER_LINEAR, dst=out, borderMode=border)
