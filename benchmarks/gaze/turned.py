"""The photograph's face turned in space, on the relief that the mesh gives it: does the pose term point the right way?

The eyes turn with the head, so that they look past the camera by the yaw: by 0.85 D times its sine. This is a crude
picture (no hair, no ears, a flat mouth, lids of paper) and the relief is the mesh's own: it tells a wrong sign or a
wrong size of the pose term, not how well a real turned head is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import degrees, radians, sin
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.gaze.portrait import Portrait
from gpu_tasks.models.gaze.estimate import EYEBALL_RADIUS, estimate_gaze
from gpu_tasks.models.gaze.landmarks import EYES, Points
from gpu_tasks.models.gaze.mesh import FaceMesh
from gpu_tasks.models.step import Rgb

YAWS_DEG: Final = (-20, -15, -10, -5, 0, 5, 10, 15, 20)
_BACKGROUND_BLUR_PX: Final = 25.0
Triangle = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """A turned face: its yaw and what was read of it, in degrees and D."""

    yaw_deg: float
    read_yaw_deg: float
    read_offset: float

    @property
    def expected(self) -> float:
        """The offset of eyes that turned with the head."""
        return EYEBALL_RADIUS * sin(radians(self.yaw_deg))


def turns(portrait: Portrait) -> Iterator[Turn]:
    """The estimate for every yaw at which a face is found."""
    mesh = FaceMesh(1, still=True)
    try:
        (points,) = mesh.find(portrait.rgb)
        for yaw_deg in YAWS_DEG:
            picture = _turned(portrait.rgb, points, yaw_deg)
            for face in mesh.find(picture):
                gaze = estimate_gaze(picture, face)
                yield Turn(yaw_deg, degrees(gaze.head.yaw_rad), gaze.offset)
    finally:
        mesh.close()


def _turned(rgb: Rgb, points: Points, yaw_deg: float) -> Rgb:
    yaw = np.radians(yaw_deg)
    about = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
    middle = points[[127, 356]].mean(axis=0)
    there = (points - middle) @ about.T + middle
    canvas = cv2.GaussianBlur(rgb, None, _BACKGROUND_BLUR_PX).astype(np.float32)
    # Painter's algorithm: the farthest first.
    for triangle in sorted(_triangles(), key=lambda t: -float(there[list(t), 2].mean())):
        _paint(canvas, rgb, points[list(triangle), :2], there[list(triangle), :2])
    return np.asarray(np.clip(canvas, 0, 255).astype(np.uint8))


@lru_cache(maxsize=1)
def _triangles() -> tuple[Triangle, ...]:
    """Those of the mesh, and the eyes, which it leaves open."""
    from mediapipe.python.solutions.face_mesh_connections import FACEMESH_TESSELATION

    near: dict[int, set[int]] = {}
    for a, b in FACEMESH_TESSELATION:
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    skin = {(a, b, c) for a in near for b in near[a] for c in near[a] & near[b] if a < b < c}
    return (*skin, *_eye_triangles())


def _eye_triangles() -> Iterator[Triangle]:
    for eye in EYES:
        for i in range(len(eye.upper) - 1):
            quad = eye.upper[i], eye.upper[i + 1], eye.lower[i + 1], eye.lower[i]
            yield from (t for t in ((quad[0], quad[1], quad[2]), (quad[0], quad[2], quad[3])) if len(set(t)) == 3)


def _paint(canvas: NDArray[np.float32], rgb: Rgb, source: Points, target: Points) -> None:
    if _area(source) * _area(target) <= 1e-3:
        return
    low, high = np.floor(target.min(axis=0)).astype(int) - 1, np.ceil(target.max(axis=0)).astype(int) + 2
    place = np.s_[low[1] : high[1], low[0] : high[0]]
    matrix = cv2.getAffineTransform((target - low).astype(np.float32), source.astype(np.float32))
    size = int(high[0] - low[0]), int(high[1] - low[1])
    part = cv2.warpAffine(rgb, matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    mask = np.zeros(size[::-1], np.uint8)
    cv2.fillConvexPoly(mask, np.round((target - low) * 16).astype(np.int32), 1, cv2.LINE_8, 4)
    canvas[place] = np.where(mask[..., None] > 0, part, canvas[place])


def _area(triangle: Points) -> float:
    """Twice the area, negative when its back is seen."""
    (ax, ay), (bx, by) = triangle[1] - triangle[0], triangle[2] - triangle[0]
    return float(ax * by - ay * bx)
