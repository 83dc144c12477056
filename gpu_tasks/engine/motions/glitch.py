"""A broken signal that locks in."""

from gpu_tasks.engine.motions.base import Pose, Stage, motion
from gpu_tasks.engine.motions.chance import either_way, share
from gpu_tasks.engine.motions.curves import smooth, swell
from gpu_tasks.engine.motions.reach import arriving, near_px

JUMPS = 16
"""States that the signal jumps through in an entrance."""


@motion("glitch_pop", "Flickers, jumps and splits into its colours, then pops solid.")
@arriving
def glitch_pop(presence: float, stage: Stage) -> Pose:
    state = 8 * int(presence * JUMPS)
    unrest = 1 - smooth(presence, 0.2, 0.72)
    pop = 0.12 * swell(presence, 0.6, 1)
    if presence <= 0 or share(stage.seed, state) < 0.6 * unrest * (1 - presence):
        return Pose(opacity=0)
    return Pose(
        x_px=_leap(stage, state + 1) * unrest * near_px(stage, 0.45, 0.14),
        y_px=_leap(stage, state + 2) * unrest * near_px(stage, 0.2, 0.04),
        scale_x=1 + pop + 0.35 * unrest * _leap(stage, state + 3),
        scale_y=1 + pop + 0.15 * unrest * _leap(stage, state + 4),
        opacity=1 - 0.5 * unrest * share(stage.seed, state + 5),
        split_px=either_way(stage.seed, state + 6) * unrest * near_px(stage, 0.16, 0.05),
        shine=0.6 * unrest * max(0.0, _leap(stage, state + 7)),
    )


def _leap(stage: Stage, draw: int) -> float:
    """−1 to 1, and nothing every other time: some states only flicker."""
    value = either_way(stage.seed, draw)
    return value if abs(value) > 0.5 else 0.0
