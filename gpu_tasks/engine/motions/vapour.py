"""Glyphs that come out of a blur, fly together from a burst, or dissolve into the air."""

import math

from gpu_tasks.engine.motions.base import Pose, Stage, motion
from gpu_tasks.engine.motions.chance import either_way, share
from gpu_tasks.engine.motions.curves import smooth
from gpu_tasks.engine.motions.reach import arriving, departing, near_px

STAGGER = 0.5
"""Share of an evaporation after which its last glyph sets off."""


@motion("blur", "Comes out of a blur while it fades in.")
@arriving
def blur(presence: float, stage: Stage) -> Pose:
    away = (1 - presence) ** 2
    scale = 1 + 0.12 * away
    return Pose(
        scale_x=scale, scale_y=scale, opacity=smooth(presence, 0, 0.7), blur_px=away * near_px(stage, 0.35, 0.08)
    )


@motion("explode", "Flies together from a burst; a whole element comes from close before the eye.")
@arriving
def explode(presence: float, stage: Stage) -> Pose:
    return (_shard if stage.is_glyph else _blast)((1 - presence) ** 2, smooth(presence, 0, 0.35), stage)


def _shard(away: float, opacity: float, stage: Stage) -> Pose:
    direction = 2 * math.pi * share(stage.seed, 0)
    distance_px = away * (2.5 + 3.5 * share(stage.seed, 1)) * stage.size_px
    scale = 1 + away * (0.2 + 1.4 * share(stage.seed, 2))
    return Pose(
        x_px=math.cos(direction) * distance_px,
        y_px=math.sin(direction) * distance_px,
        scale_x=scale,
        scale_y=scale,
        turn_deg=220 * either_way(stage.seed, 3) * away,
        opacity=opacity,
        blur_px=0.06 * stage.size_px * away,
    )


def _blast(away: float, opacity: float, stage: Stage) -> Pose:
    scale = 1 + 1.2 * away
    turn_deg = math.copysign(10, either_way(stage.seed, 0)) * away
    return Pose(
        scale_x=scale, scale_y=scale, turn_deg=turn_deg, opacity=opacity, blur_px=away * near_px(stage, 0.06, 0.05)
    )


@motion("evaporate", "Rises, blurs and fades into the air, each glyph in its own time.")
@departing
def evaporate(absence: float, stage: Stage) -> Pose:
    start = STAGGER * share(stage.seed, 0) if stage.is_glyph else 0.0
    gone = max(0.0, (absence - start) / (1 - STAGGER if stage.is_glyph else 1))
    gone = min(gone, 1.0)
    sway_px = near_px(stage, 0.22, 0.03) * either_way(stage.seed, 1) * math.sin(1.5 * math.pi * gone)
    scale = 1 + 0.25 * gone
    return Pose(
        x_px=sway_px,
        y_px=-near_px(stage, 1.1, 0.25) * gone**1.6,
        scale_x=scale,
        scale_y=scale,
        turn_deg=(14 if stage.is_glyph else 0) * either_way(stage.seed, 2) * gone,
        opacity=1 - smooth(gone, 0.1, 1),
        blur_px=near_px(stage, 0.22, 0.05) * gone,
    )
