"""Slow zooms of the content inside the element's unmoving outline."""

from gpu_tasks.engine.motions.base import Pose, Stage, motion

PUSH = 0.2
"""Share by which a push grows the picture."""


@motion("ken_burns_in", "A slow push in, from the whole picture to 1.2 ×.", deepest_zoom=1 + PUSH, keeps_covering=True)
def ken_burns_in(amount: float, exiting: bool, stage: Stage) -> Pose:
    return Pose(zoom=1 + PUSH * amount)
