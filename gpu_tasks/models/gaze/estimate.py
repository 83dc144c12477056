"""Where two eyes look, sideways, relative to the camera.

Camera, iris and the eyeball's centre lie on one line when an eye looks into the lens. Seen by the camera the neutral
iris is therefore drawn on the eyeball's centre, which is fixed in the head: in its middle, for both eyes together.
Along an axis that turns with the head the same iris has moved by the eyeball's radius times the sine of the yaw.

Both eyes are averaged, for each of them looks a few degrees outward of its own axis (the angle kappa).

Nothing is said about up and down: a mesh shows a third of such a move, the lids follow the rest, and corrections that
were tried from a single picture left more error than they removed.
"""

from dataclasses import dataclass
from math import sin
from typing import Final

import numpy as np

from gpu_tasks.models.gaze.head import Head, head_of
from gpu_tasks.models.gaze.iris import Iris, fit_iris
from gpu_tasks.models.gaze.landmarks import Eye, Points, Vector, eyes_of
from gpu_tasks.models.step import Rgb

EYEBALL_RADIUS: Final = 0.85
"""From the eyeball's centre to the iris, in diameters of the iris: about 10 mm to 11.7 mm."""
_GAIN: Final = 0.96
"""The landmarks of the head follow the irises by a twentieth of their way, so that offsets read too small."""


@dataclass(frozen=True, slots=True)
class Gaze:
    """`offset` is how far the irises lie to the right of where they would look at the camera, in iris diameters D.

    `contrast` is that of the fainter iris, 0 to 1.
    """

    head: Head
    eyes: tuple[Eye, Eye]
    irises: tuple[Iris, Iris]
    offset: float
    contrast: float

    @property
    def diameter_px(self) -> float:
        """D, the mean of both eyes: irises of people are of one size."""
        return (self.eyes[0].diameter_px + self.eyes[1].diameter_px) / 2


def estimate_gaze(rgb: Rgb, points: Points) -> Gaze:
    """Read the gaze of one face of the picture."""
    head, eyes = head_of(points), eyes_of(points)
    left, right = (fit_iris(rgb, eye, head.across_in_picture) for eye in eyes)
    irises = left, right
    centres = [_in_space(iris, eye) for iris, eye in zip(irises, eyes, strict=True)]
    offset = offset_of(head, (centres[0] + centres[1]) / 2, (eyes[0].diameter_px + eyes[1].diameter_px) / 2)
    return Gaze(head, eyes, irises, offset, min(left.contrast, right.contrast))


def offset_of(head: Head, middle_of_irises: Vector, diameter_px: float) -> float:
    """The offset in D of a point between both irises (x, y, z in pixels) from its neutral place in the head."""
    along = float((middle_of_irises - head.middle) @ head.across) / diameter_px
    neutral = -EYEBALL_RADIUS * sin(head.yaw_rad)
    return (along - neutral) / _GAIN


def _in_space(iris: Iris, eye: Eye) -> Vector:
    return np.array([*iris.centre, eye.depth_px])
