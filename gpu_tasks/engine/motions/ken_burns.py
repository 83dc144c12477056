"""Slow zooms of the content inside the element's unmoving outline."""

from gpu_tasks.engine.motions.base import Pose, Stage, motion
from gpu_tasks.engine.motions.curves import arch

PUSH = 0.2
"""Share by which a push grows the picture."""


@motion("ken_burns_in", "A slow push in, from the whole picture to 1.2 ×.", deepest_zoom=1 + PUSH, keeps_covering=True)
def ken_burns_in(amount: float, exiting: bool, stage: Stage) -> Pose:
    return Pose(zoom=1 + PUSH * amount)


@motion(
    "ken_burns_out", "A slow pull out, from 1.2 × to the whole picture.", deepest_zoom=1 + PUSH, keeps_covering=True
)
def ken_burns_out(amount: float, exiting: bool, stage: Stage) -> Pose:
    return Pose(zoom=1 + PUSH * (1 - amount))


@motion("ken_burns_in_out", "A slow push in to 1.2 × and back out.", deepest_zoom=1 + PUSH, keeps_covering=True)
def ken_burns_in_out(amount: float, exiting: bool, stage: Stage) -> Pose:
    return Pose(zoom=1 + PUSH * arch(amount))
