"""Colour tables baked from R'G'B' into Y'CbCr, so that a picture need not go by way of R'G'B'."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.kernels.colour import RGB_TO_YUV_709, YUV_TO_RGB_709
from gpu_tasks.media.cube import Cube

NODES = 33
"""Over 0 to 256 in U and in V. Luma has a place for every code value."""
_CHUNK = 32

Colours = NDArray[np.float32]
"""n × 3 values of R', G', B', 0 to 1."""


def baked(cube: Cube, amount: float) -> NDArray[np.uint8]:
    """256 × NODES × NODES × 3: the Y, U, V that the table makes of each Y, U, V, mixed with them by `amount` (0-1).

    Colours that no R'G'B' has are clipped before the table, as decoders do; what leaves the table is clipped, too.
    """
    look = _curves(cube) if not cube.is_3d else _tetrahedral(cube)
    node = np.linspace(0, 256, NODES, dtype=np.float32)
    table = np.empty((256, NODES, NODES, 3), np.uint8)
    for first in range(0, 256, _CHUNK):
        luma = np.arange(first, first + _CHUNK, dtype=np.float32)
        yuv = np.stack(np.meshgrid(luma, node, node, indexing="ij"), axis=-1).reshape(-1, 3)
        made = yuv * (1 - amount) + _yuv_of(np.clip(look(_rgb_of(yuv)), 0, 1)) * amount
        table[first : first + _CHUNK] = np.clip(np.rint(made), 0, 255).reshape(_CHUNK, NODES, NODES, 3)
    return table


def _rgb_of(yuv: Colours) -> Colours:
    weights = YUV_TO_RGB_709.astype(np.float32)
    return np.asarray(np.clip((yuv @ weights[:, :3].T + weights[:, 3]) / 255, 0, 1), np.float32)


def _yuv_of(rgb: Colours) -> Colours:
    weights = RGB_TO_YUV_709.astype(np.float32) * 255
    return np.asarray(rgb @ weights[:, :3].T + weights[:, 3], np.float32)


def _placed(cube: Cube, rgb: Colours) -> Colours:
    """Where colours lie in the table, in entries; beyond its domain the ends hold."""
    low, high = np.array(cube.domain_min, np.float32), np.array(cube.domain_max, np.float32)
    return np.asarray(np.clip((rgb - low) / (high - low), 0, 1) * (cube.size - 1), np.float32)


def _curves(cube: Cube) -> Callable[[Colours], Colours]:
    """A 1D table: each channel by its own curve, linear between entries."""
    entries = np.arange(cube.size)

    def look(rgb: Colours) -> Colours:
        place = _placed(cube, rgb)
        return np.stack([np.interp(place[:, i], entries, cube.values[:, i]) for i in range(3)], -1).astype(np.float32)

    return look


def _tetrahedral(cube: Cube) -> Callable[[Colours], Colours]:
    """A 3D table by tetrahedral interpolation.

    Kasson, Nin, Plouffe, Hafner: "Performing color space conversions with three-dimensional linear interpolation",
    Journal of Electronic Imaging 4(3), 1995. The diagonal from black to white is an edge of all six tetrahedra of a
    cell, so that greys are interpolated between greys alone. From the cell's lower corner one walks along the axes,
    the one with the largest rest first; each step weighs the difference of its ends by the rest.
    """
    flat = cube.values.reshape(-1, 3)
    strides = np.array([cube.size**2, cube.size, 1])

    def look(rgb: Colours) -> Colours:
        place = _placed(cube, rgb)
        corner = np.minimum(place.astype(np.intp), cube.size - 2)
        rest = place - corner
        order = np.argsort(-rest, axis=1, kind="stable")
        at = corner @ strides
        made = flat[at]
        for axis in order.T:
            following = at + strides[axis]
            weight = np.take_along_axis(rest, axis[:, None], axis=1)
            made = made + (flat[following] - flat[at]) * weight
            at = following
        return np.asarray(made, np.float32)

    return look
