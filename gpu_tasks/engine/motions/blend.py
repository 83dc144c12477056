"""Entrances that blend with what is behind the element and end as the plain picture."""

from gpu_tasks.engine.motions.base import MotionFunction, Pose, Stage, motion
from gpu_tasks.engine.motions.reach import arriving


def _blend(mode: str) -> MotionFunction:
    @arriving
    def blend(presence: float, stage: Stage) -> Pose:
        return Pose(blend=mode, blend_amount=1 - presence)

    return blend


motion("overlay", "Shines through from an overlay with what is behind to the plain picture.")(_blend("overlay"))
motion("difference", "Turns from the difference with what is behind to the plain picture.")(_blend("difference"))
