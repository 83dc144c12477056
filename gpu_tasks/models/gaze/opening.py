"""The opening between the lids, in coordinates of the eye: along the head's axis, and down at a right angle to it."""

from dataclasses import dataclass

import numpy as np

from gpu_tasks.models.gaze.landmarks import Eye, Points, Vector
from gpu_tasks.models.gaze.ramps import Field


@dataclass(frozen=True, slots=True)
class Opening:
    """Lid edges as tables of (along, down) in pixels from `origin`; the unit vector `right` points along the head."""

    origin: Vector
    right: Vector
    upper: Points
    lower: Points

    @property
    def down(self) -> Vector:
        return np.array([-self.right[1], self.right[0]])

    @property
    def corners(self) -> tuple[float, float]:
        """How far left and right of the origin the lids meet."""
        return float(self.upper[0, 0]), float(self.upper[-1, 0])

    def upper_at(self, along: Field) -> Field:
        return np.interp(along, self.upper[:, 0], self.upper[:, 1])

    def lower_at(self, along: Field) -> Field:
        return np.interp(along, self.lower[:, 0], self.lower[:, 1])

    def from_picture(self, x: Field, y: Field) -> tuple[Field, Field]:
        """Pixels of the picture as (along, down)."""
        x, y = x - self.origin[0], y - self.origin[1]
        return x * self.right[0] + y * self.right[1], x * self.down[0] + y * self.down[1]

    def to_picture(self, along: Field, down: Field) -> tuple[Field, Field]:
        """(along, down) as pixels of the picture."""
        x = self.origin[0] + along * self.right[0] + down * self.down[0]
        y = self.origin[1] + along * self.right[1] + down * self.down[1]
        return x, y


def opening_of(eye: Eye, origin: Vector, across: Vector) -> Opening:
    """The opening of an eye around a point of the picture; `across` is the head's axis in the picture."""
    right = across / max(float(np.linalg.norm(across)), 1e-6)
    return Opening(origin, right, _table(eye.upper, origin, right), _table(eye.lower, origin, right))


def _table(lid: Points, origin: Vector, right: Vector) -> Points:
    local = lid[:, :2] - origin
    along = local @ right
    down = local @ np.array([-right[1], right[0]])
    # Tables need places in order; a lid that curls back at its corner is straightened.
    return np.column_stack([np.maximum.accumulate(along + np.arange(len(along)) * 1e-6), down])
