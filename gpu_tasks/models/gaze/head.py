"""Where the head is and how far it is turned, from landmarks that stay put when the eyes move.

The landmarks of the eyes will not do: the mesh draws the corners of an eye after its iris, by a quarter of the way,
so that an offset measured against them loses a third. Temples, brows and the bridge of the nose hardly follow (5 %).
"""

from dataclasses import dataclass
from math import asin
from typing import Final

import numpy as np

from gpu_tasks.models.gaze.landmarks import Points, Vector

_SIDES: Final = (234, 454)
_LEVEL_WITH_EYES: Final = ((127, 356), (70, 300), (168, 168))
"""Pairs left and right of the head's middle: temples, brows, and the bridge of the nose, which is its own mirror image.

They lie at the height of the eyes, so that a head axis which is a degree off does not move their middle against them.
"""


@dataclass(frozen=True, slots=True)
class Head:
    """`across` is a unit vector through the head, toward the right of the picture; `middle` lies halfway along it.

    `yaw_rad` is positive when the face is turned to the right of the picture.
    """

    across: Vector
    middle: Vector

    @property
    def yaw_rad(self) -> float:
        return asin(float(np.clip(self.across[2], -1, 1)))

    @property
    def across_in_picture(self) -> Vector:
        """`across` as the camera sees it (x, y): shorter than 1 by the turn of the head."""
        return self.across[:2]


def head_of(points: Points) -> Head:
    """The head of a face's landmarks, seen from afar (without perspective)."""
    axis = points[_SIDES[1]] - points[_SIDES[0]]
    middle = points[np.ravel(_LEVEL_WITH_EYES)].mean(axis=0)
    return Head(axis / max(float(np.linalg.norm(axis)), 1e-6), middle)
