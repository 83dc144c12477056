"""Growth about the element's centre."""

from gpu_tasks.engine.motions.base import Pose, Stage, motion


@motion("zoom_in")
def zoom_in(amount: float, exiting: bool, stage: Stage) -> Pose:
    """From a point to full size."""
    return Pose(scale=1 - amount if exiting else amount)
