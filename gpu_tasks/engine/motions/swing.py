"""Swings on a hinge along the element's top edge, like a hanging sign seen from the front."""

import math

from gpu_tasks.engine.motions.base import Pose, Stage, motion
from gpu_tasks.engine.motions.curves import smooth, spring, swell
from gpu_tasks.engine.motions.reach import arriving, departing, height_px

FOLDED_DEG = 80
NEAREST = 0.6
"""Share of the way to the camera that the lower edge may come near."""


def hinged(angle_deg: float, stage: Stage, opacity: float) -> Pose:
    """The element turned about its top edge; a positive angle brings the lower edge towards the viewer.

    Poses tilt about the centre with the camera a canvas width in front of it. Turned by θ the top edge of a height h
    recedes by s·h/2·sin θ when scaled by s; it keeps its width for s = 1 / (1 − h·sin θ / 2d), and its place when
    the whole moves up by h/2·(1 − cos θ).
    """
    height, camera_px = height_px(stage), stage.canvas[0]
    if height * math.sin(math.radians(angle_deg)) > NEAREST * camera_px:
        angle_deg = math.degrees(math.asin(min(1.0, NEAREST * camera_px / height)))
    angle = math.radians(angle_deg)
    scale = 1 / (1 - height * math.sin(angle) / (2 * camera_px))
    lift_px = height / 2 * (1 - math.cos(angle))
    return Pose(y_px=-lift_px, scale_x=scale, scale_y=scale, tilt_x_deg=angle_deg, opacity=opacity)


@motion("swing_in", "Swings down from behind on a hinge along its top edge, and sways to rest.")
@arriving
def swing_in(presence: float, stage: Stage) -> Pose:
    return hinged(-FOLDED_DEG * (1 - spring(presence, 0.32, 4.5)), stage, smooth(presence, 0, 0.16))


@motion("swing_out", "Swings forward a little, then away behind on a hinge along its top edge.")
@departing
def swing_out(absence: float, stage: Stage) -> Pose:
    angle_deg = 14 * swell(absence, 0, 0.6) - (FOLDED_DEG + 8) * max(0.0, (absence - 0.25) / 0.75) ** 2
    return hinged(angle_deg, stage, 1 - smooth(absence, 0.7, 1))
