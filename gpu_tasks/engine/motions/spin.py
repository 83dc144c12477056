"""Spins about the element's centre into place and out of it."""

from gpu_tasks.engine.motions.base import MotionFunction, Pose, Stage, motion
from gpu_tasks.engine.motions.curves import smooth

TURN_DEG = 180
SMALLEST = 0.4


def _spin(sign: int) -> MotionFunction:
    """An exit goes on turning the way the entrance came."""

    def spin(amount: float, exiting: bool, stage: Stage) -> Pose:
        away = amount if exiting else amount - 1
        presence = 1 - abs(away)
        scale = SMALLEST + (1 - SMALLEST) * presence
        return Pose(scale_x=scale, scale_y=scale, turn_deg=sign * TURN_DEG * away, opacity=smooth(presence, 0, 0.6))

    return spin


motion("rotate_cw", "Spins clockwise half a turn while it grows and fades in, or out.")(_spin(1))
motion("rotate_ccw", "Spins counter-clockwise half a turn while it grows and fades in, or out.")(_spin(-1))
