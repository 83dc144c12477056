"""Functions of three code values at once, by interpolation in a table."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.kernels.cpu.spare import spare
from gpu_tasks.engine.surface import Plane

_BAND_ROWS = 64
"""Positions are made for so many rows at a time: they stay in the processor's cache."""
_FRACTIONS = 32
"""Positions between samples that OpenCV's fixed-point tables know."""


def lut3d(planes: tuple[Plane, Plane, Plane], table: Plane, out: Sequence[Plane]) -> Sequence[Plane]:
    """table[first, second, third], a code value for each plane of `out`.

    `table` is 256 × n × n × channels: exact in the first plane, and linear in the second and third between n nodes at
    0 to 256, n one more than a power of two from 8 to 64. `out` may hold any of `planes`.
    """
    nodes, channels = table.shape[1], table.shape[3]
    atlas = table.reshape(256 * nodes, nodes, channels)
    steps = _steps(nodes)
    for top in range(0, planes[0].shape[0], _BAND_ROWS):
        band = slice(top, top + _BAND_ROWS)
        _look_up([plane[band] for plane in planes], atlas, steps, [plane[band] for plane in out])
    return out


class _Steps(NamedTuple):
    """What each code value adds to a position in the atlas: whole samples (x low, y high), and 1/32 of samples."""

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    third: NDArray[np.int32]
    second_rest: NDArray[np.uint16]
    third_rest: NDArray[np.uint16]


@lru_cache(maxsize=4)
def _steps(nodes: int) -> _Steps:
    codes = np.arange(256)
    node, rest = np.divmod(codes, 256 // (nodes - 1))
    fraction = rest * _FRACTIONS * (nodes - 1) // 256
    rows = 1 << 16
    return _Steps(
        (codes * nodes * rows).astype(np.int32),
        (node * rows).astype(np.int32),
        node.astype(np.int32),
        (fraction * _FRACTIONS).astype(np.uint16),
        fraction.astype(np.uint16),
    )


def _look_up(planes: list[Plane], atlas: Plane, steps: _Steps, out: list[Plane]) -> None:
    first, second, third = planes
    shape = (first.shape[0], first.shape[1])
    whole, more = spare(shape, np.int32, 0), spare(shape, np.int32, 1)
    cv2.LUT(first, steps.first, dst=whole)
    for plane, step in ((second, steps.second), (third, steps.third)):
        cv2.add(whole, cv2.LUT(plane, step, dst=more), dst=whole)
    rest, more_rest = spare(shape, np.uint16, 0), spare(shape, np.uint16, 1)
    cv2.LUT(second, steps.second_rest, dst=rest)
    cv2.add(rest, cv2.LUT(third, steps.third_rest, dst=more_rest), dst=rest)
    places = whole.view(np.int16).reshape(*shape, 2)
    if len(out) == 1:
        cv2.remap(atlas, places, rest, cv2.INTER_LINEAR, dst=out[0])
        return
    found = spare((*shape, len(out)), np.uint8, 0)
    cv2.remap(atlas, places, rest, cv2.INTER_LINEAR, dst=found)
    cv2.split(found, out)
