"""Functions of code values: tables, weighted sums, colour matrices, grain and ramps."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

Planes = tuple[Tensor, Tensor, Tensor]


def lut(plane: Tensor, table: Tensor) -> Tensor:
    return table[plane.long()]


def weigh(planes: Sequence[Tensor], weights: Sequence[float], offset: float) -> Tensor:
    """Σ weight · plane + offset."""
    total = planes[0] * weights[0] + offset
    for plane, weight in zip(planes[1:], weights[1:], strict=True):
        total = total.add(plane, alpha=weight)
    return total


def matrix(planes: Planes, weights: NDArray[np.float64]) -> Planes:
    """Each row of a 3 × 4 matrix weighs the three planes; its last column is added."""
    red, green, blue = (weigh(planes, row[:3], row[3]) for row in weights.tolist())
    return (red, green, blue)


def add_grain(plane: Tensor, grain: Tensor) -> Tensor:
    return plane + grain


def ramp(field: Tensor, scale: float, offset: float) -> Tensor:
    return field * scale + offset
