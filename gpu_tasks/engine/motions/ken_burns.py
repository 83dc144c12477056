"""Slow zooms of the content inside the element's unmoving outline."""

from gpu_tasks.engine.motions.base import Pose, Stage, motion

PUSH = 0.2
"""Share by which a push grows the picture."""


@motion("ken_burns_in")
def ken_burns_in(amount: float, exiting: bool, stage: Stage) -> Pose:
    """From the whole picture to 1.2 ×, and stays there."""
    return Pose(zoom=1 + PUSH * amount)
