"""Which column of an eye shows which one, when its iris is moved: a map that never folds.

The iris and a rim of the white move as they are. Behind them the white is stretched, ahead of them it is squeezed, by
monotone cubics (Fritsch and Carlson, "Monotone Piecewise Cubic Interpolation", SIAM Journal on Numerical Analysis 1980)
that meet the resting parts with slope 1.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np

from gpu_tasks.models.gaze.ramps import Field

_RIGID: Final = 1.25
"""In radii: with less, the dark rim of the iris stays behind as a ghost."""
_LEAST_SLACK: Final = 0.7
_SLACK_PER_SHIFT: Final = 1.5
_SQUEEZE: Final = 0.9


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Knots of the map from a column of the new picture to the column of the old one that it shows, in pixels."""

    targets: tuple[float, float, float, float]
    sources: tuple[float, float, float, float]

    def stretched(self) -> tuple[float, float]:
        """Where the side that is stretched ends in the new picture, and its old length to its new one."""
        inner, end = (1, 0) if self.sources[1] < self.targets[1] else (2, 3)
        new, old = self.targets, self.sources
        return new[end], (old[end] - old[inner]) / (new[end] - new[inner])

    def __call__(self, along: Field) -> Field:
        """Columns in the old picture; those outside of the knots stay."""
        new, old = self.targets, self.sources
        result = np.array(along, np.float64)
        result += old[1] - new[1]
        behind, ahead, rest = along < new[1], along > new[2], (along < new[0]) | (along > new[3])
        result[behind] = _cubic(along[behind], new[:2], old[:2])
        result[ahead] = _cubic(along[ahead], new[2:], old[2:])
        result[rest] = along[rest]
        return result


def column_map(shift_px: float, radius_px: float, corners: tuple[float, float]) -> ColumnMap:
    """The map that moves an iris at 0 by `shift_px`, in an eye that reaches from one corner to the other."""
    if shift_px < 0:
        mirrored = column_map(-shift_px, radius_px, (-corners[1], -corners[0]))
        return ColumnMap(_mirror(mirrored.targets), _mirror(mirrored.sources))
    slack = max(_LEAST_SLACK * radius_px, _SLACK_PER_SHIFT * shift_px)
    rigid = _RIGID * radius_px
    back = min(rigid, _SQUEEZE * max(-corners[0], 1.0))
    front = min(rigid, max(_SQUEEZE * (corners[1] - shift_px), 0.5 * radius_px))
    rear_end = max(min(-corners[0], back + slack), back + 0.5 * shift_px)
    front_end = max(min(corners[1], front + shift_px + slack), front + shift_px * 1.2)
    return ColumnMap((-rear_end, shift_px - back, shift_px + front, front_end), (-rear_end, -back, front, front_end))


def _mirror(knots: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return -knots[3], -knots[2], -knots[1], -knots[0]


def _cubic(along: Field, new: tuple[float, ...], old: tuple[float, ...]) -> Field:
    """Hermite's cubic through two knots, with slopes of 1 or as much as stays monotone (inside Fritsch's circle)."""
    length = max(new[1] - new[0], 1e-6)
    secant = (old[1] - old[0]) / length
    slope = min(1.0, 3 / sqrt(2) * secant)
    t = (along - new[0]) / length
    bend = 2 * secant - 2 * slope
    return np.asarray(old[0] + length * (slope * t + (3 * secant - 3 * slope) * t**2 - bend * t**3))
