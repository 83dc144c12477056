"""Bounces: a rigid one that falls like a ball, and a soft one that hops and squashes."""

from gpu_tasks.engine.motions.base import Pose, Stage, motion
from gpu_tasks.engine.motions.curves import arch, drop, smooth, swell
from gpu_tasks.engine.motions.reach import arriving, height_px, leaving_px, near_px

GLYPH_DROP_EM = 1.2


@motion("bounce", "Falls into place and bounces like a ball, or hops higher and higher until it is gone.")
@arriving
def bounce(presence: float, stage: Stage) -> Pose:
    if stage.is_glyph:
        return Pose(y_px=-GLYPH_DROP_EM * stage.size_px * drop(presence), opacity=smooth(presence, 0, 0.2))
    # From a little beyond the edge, so that it does not hang there where the fall is slow.
    return Pose(y_px=-1.1 * leaving_px((0, -1), stage) * drop(presence))


@motion("bounce_motion", "Sprouts from its foot, leaps, lands with a squash and settles after a small hop.")
@arriving
def bounce_motion(presence: float, stage: Stage) -> Pose:
    grown = smooth(presence, 0, 0.24)
    squash = 0.28 * swell(presence, 0.46, 0.66) + 0.1 * swell(presence, 0.82, 1)
    leap = 0.5 * arch(presence, 0.14, 0.5) + 0.13 * arch(presence, 0.62, 0.85)
    scale_x, scale_y = grown * (1 + 0.6 * squash), grown * (1 - squash)
    # Scaling is about the centre; the foot has to stay on the ground.
    foot_px = (1 - scale_y) * height_px(stage) / 2
    return Pose(y_px=foot_px - leap * near_px(stage, 1, 0.5), scale_x=scale_x, scale_y=scale_y)
