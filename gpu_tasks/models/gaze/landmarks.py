"""What the landmarks of a face mean: eyes, lids and irises.

The numbers are those of MediaPipe's face mesh with refined landmarks: 468 points of the skin and five for each iris.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Landmarks × 3: x right and y down in pixels of the picture, z away from the camera in the same unit."""
Vector = NDArray[np.float64]

POINT_COUNT: Final = 478
IRIS_DIAMETER_PER_RADIUS: Final = 0.93 * 2
"""MediaPipe draws the iris 7 % too large: measured on a photograph, like every other constant of this package."""


@dataclass(frozen=True, slots=True)
class EyeIndices:
    """The lids from the left of the picture to its right, both corners included, and the iris with its ring."""

    upper: tuple[int, ...]
    lower: tuple[int, ...]
    centre: int
    ring: tuple[int, int, int, int]


EYES: Final = (
    EyeIndices(
        (33, 246, 161, 160, 159, 158, 157, 173, 133),
        (33, 7, 163, 144, 145, 153, 154, 155, 133),
        468,
        (469, 470, 471, 472),
    ),
    EyeIndices(
        (362, 398, 384, 385, 386, 387, 388, 466, 263),
        (362, 382, 381, 380, 374, 373, 390, 249, 263),
        473,
        (474, 475, 476, 477),
    ),
)
_MIDDLE_OF_LIDS: Final = slice(3, 6)


@dataclass(frozen=True)
class Eye:
    """One eye as the mesh sees it. Lids are points × 3, in pixels."""

    upper: Points
    lower: Points
    centre: Vector
    radius_px: float

    @property
    def diameter_px(self) -> float:
        """D, the diameter of the iris: the unit of every offset of the gaze."""
        return self.radius_px * 2

    @cached_property
    def width_px(self) -> float:
        """From corner to corner."""
        return float(np.linalg.norm(self.upper[-1] - self.upper[0]))

    @cached_property
    def openness(self) -> float:
        """The gap between the lids over the width: about 0.35 in an open eye, below 0.15 in a closed one."""
        gaps = np.linalg.norm(self.lower[_MIDDLE_OF_LIDS, :2] - self.upper[_MIDDLE_OF_LIDS, :2], axis=1)
        return float(gaps.mean()) / max(self.width_px, 1e-6)

    @cached_property
    def depth_px(self) -> float:
        """z of the middle of the lids; the mesh knows no depth of its own for the iris."""
        return float((self.upper[:, 2].mean() + self.lower[:, 2].mean()) / 2)


def eyes_of(points: Points) -> tuple[Eye, Eye]:
    """The eye on the left of an upright picture of a face, and the one on the right."""
    left, right = (_eye(points, indices) for indices in EYES)
    return left, right


def _eye(points: Points, indices: EyeIndices) -> Eye:
    ring = points[list(indices.ring), :2]
    across = (np.linalg.norm(ring[0] - ring[2]) + np.linalg.norm(ring[1] - ring[3])) / 2
    return Eye(
        upper=points[list(indices.upper)],
        lower=points[list(indices.lower)],
        centre=points[indices.centre],
        radius_px=float(across) / 4 * IRIS_DIAMETER_PER_RADIUS,
    )
