"""The photograph that gazes are displaced in, and where its eyes lie.

The astronaut of scikit-image looks into the camera: a frontal, brown-eyed face, turned by about two degrees. It is
the only such photograph that is packaged with a library; what is measured on it says little about other faces.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from gpu_tasks.models.gaze.landmarks import Eye, eyes_of
from gpu_tasks.models.gaze.mesh import FaceMesh
from gpu_tasks.models.step import Rect, Rgb

Plane = NDArray[np.float64]
_LID_SOFTNESS = 0.05


@dataclass(frozen=True)
class TrueEye:
    """An eye of the undisplaced photograph, in its pixels; planes have the size of `box`."""

    eye: Eye
    box: Rect

    @property
    def centre(self) -> tuple[float, float]:
        return float(self.eye.centre[0]), float(self.eye.centre[1])

    @property
    def radius_px(self) -> float:
        return self.eye.radius_px

    @property
    def diameter_px(self) -> float:
        return self.eye.diameter_px

    @cached_property
    def places(self) -> tuple[Plane, Plane]:
        """x and y of every pixel of the box, in pixels of the photograph."""
        left, top, width, height = self.box
        y, x = np.mgrid[top : top + height, left : left + width].astype(np.float64)
        return x, y

    def distance(self, right_px: float = 0.0, down_px: float = 0.0) -> Plane:
        """From the iris, had it moved."""
        x, y = self.places
        return np.asarray(np.hypot(x - self.centre[0] - right_px, y - self.centre[1] - down_px))

    @cached_property
    def lids(self) -> Plane:
        """1 between the lids, 0 outside, soft at their edges."""
        contour = np.concatenate([self.eye.upper, self.eye.lower[-2:0:-1]])[:, :2] - self.box[:2]
        mask = np.zeros((self.box[3], self.box[2]), np.float64)
        cv2.fillPoly(mask, [np.round(contour * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
        return np.asarray(cv2.GaussianBlur(mask, None, _LID_SOFTNESS * self.diameter_px))

    @cached_property
    def upper_edge(self) -> Plane:
        """y of the upper lid for every column of the box."""
        return np.interp(self.places[0][0], self.eye.upper[:, 0], self.eye.upper[:, 1])

    def cut(self, picture: NDArray[np.uint8]) -> Plane:
        """The part of a picture in the box, as floats."""
        left, top, width, height = self.box
        return picture[top : top + height, left : left + width].astype(np.float64)


@dataclass(frozen=True)
class Portrait:
    """The photograph and its two eyes, left and right in the picture."""

    rgb: Rgb
    eyes: tuple[TrueEye, TrueEye]

    @property
    def diameter_px(self) -> float:
        """D: the mean diameter of both irises."""
        return (self.eyes[0].diameter_px + self.eyes[1].diameter_px) / 2

    @property
    def strip(self) -> Rect:
        """A box around both eyes."""
        boxes = [eye.box for eye in self.eyes]
        left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
        right, bottom = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
        return left, top, right - left, bottom - top


@lru_cache(maxsize=4)
def portrait(scale: float = 3.0, *, mirrored: bool = False) -> Portrait:
    """The photograph at a multiple of its 512 pixels. Enlarged, it has no more detail than before."""
    photograph: Rgb = data.astronaut()  # type: ignore[no-untyped-call]
    turned = np.ascontiguousarray(photograph[:, ::-1] if mirrored else photograph)
    rgb: Rgb = cv2.resize(turned, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return Portrait(rgb, _true_eyes(rgb))


def _true_eyes(rgb: Rgb) -> tuple[TrueEye, TrueEye]:
    mesh = FaceMesh(1, still=True)
    try:
        (face,) = mesh.find(rgb)
    finally:
        mesh.close()
    left, right = (TrueEye(eye, _box(eye)) for eye in eyes_of(face))
    return left, right


def _box(eye: Eye) -> Rect:
    lids = np.concatenate([eye.upper, eye.lower])[:, :2]
    low, high = np.floor(lids.min(axis=0) - eye.radius_px), np.ceil(lids.max(axis=0) + eye.radius_px)
    return int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])
