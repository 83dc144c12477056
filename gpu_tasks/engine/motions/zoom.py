"""Growth and shrinking about the element's centre."""

from gpu_tasks.engine.motions.base import Pose, Stage, motion


@motion("zoom_in", "Grows from a point to full size.")
def zoom_in(amount: float, exiting: bool, stage: Stage) -> Pose:
    scale = 1 - amount if exiting else amount
    return Pose(scale_x=scale, scale_y=scale)


@motion("zoom_out", "Shrinks to a point.")
def zoom_out(amount: float, exiting: bool, stage: Stage) -> Pose:
    return Pose(scale_x=1 - amount, scale_y=1 - amount)
