"""Opacity ramps."""

from gpu_tasks.engine.motions.base import Pose, Stage, motion


@motion("fade", "Fades from invisible to the element's own opacity, or back.")
def fade(amount: float, exiting: bool, stage: Stage) -> Pose:
    return Pose(opacity=1 - amount if exiting else amount)
