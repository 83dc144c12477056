"""Colour tables (`.cube` files) over an element's picture."""

from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.colour.bake import baked
from gpu_tasks.engine.colour.base import Stage
from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.surface import Surface
from gpu_tasks.media.cube import read_cube

KEPT_TABLES = 8


def lut_stage(path: Path, amount: float) -> Stage:
    """The table in a file, mixed with the picture by `amount` (0-1, not 0). Raises JobFailed where it is no table."""
    tables = _tables(path, amount)
    return Stage("lut", partial(_apply, tables), straight=True)


@lru_cache(maxsize=KEPT_TABLES)
def _tables(path: Path, amount: float) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Luma and chroma of every colour; shared by the clips that use the same file alike."""
    table = baked(read_cube(path), amount)
    return np.ascontiguousarray(table[..., :1]), np.ascontiguousarray(table[..., 1:])


def _apply(tables: tuple[NDArray[np.uint8], NDArray[np.uint8]], picture: Surface, moment: Moment) -> Surface:
    k, scratch = moment.k, moment.scratch
    out = scratch.surface("lut", picture)
    out.copy_alpha_from(picture)
    luma_table, chroma_table = scratch.kept("lut-tables", partial(_uploaded, k, tables))
    if picture.subsampling == 1:
        planes = (picture.y, picture.u, picture.v)
        k.lut3d(planes, luma_table, (out.y,))
        k.lut3d(planes, chroma_table, (out.u, out.v))
        return out
    size, shape = (picture.width, picture.height), (picture.height, picture.width)
    u = k.upsample(picture.u, size, scratch.plane("lut-u", shape))
    v = k.upsample(picture.v, size, scratch.plane("lut-v", shape))
    k.lut3d((picture.y, u, v), luma_table, (out.y,))
    y = k.subsample(picture.y, scratch.plane("lut-y", (picture.u.shape[0], picture.u.shape[1])))
    k.lut3d((y, picture.u, picture.v), chroma_table, (out.u, out.v))
    return out


def _uploaded(k: Kernels, tables: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> tuple[Any, Any]:
    return k.upload(tables[0]), k.upload(tables[1])
