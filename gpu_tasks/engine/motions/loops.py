"""Loops: each round begins and ends at rest, and runs into the next without a jolt."""

import math

from gpu_tasks.engine.motions.base import Pose, Stage, motion
from gpu_tasks.engine.motions.chance import either_way
from gpu_tasks.engine.motions.curves import smooth, swell
from gpu_tasks.engine.motions.reach import near_px, rounding

TURN = 2 * math.pi


@motion("loop_wiggle", "Jiggles about its place.", eased=False)
@rounding
def loop_wiggle(phase: float, stage: Stage) -> Pose:
    offset_px = near_px(stage, 0.05, 0.012)
    return Pose(
        x_px=offset_px * _jiggle(phase, (2, 5), stage, 0),
        y_px=offset_px * _jiggle(phase, (3, 4), stage, 2),
        turn_deg=3.5 * _jiggle(phase, (2, 3), stage, 4),
    )


def _jiggle(phase: float, harmonics: tuple[int, int], stage: Stage, draw: int) -> float:
    """Two whole harmonics, each with a random sign and a weight of 0.3 to 0.6: within −1.2 and 1.2, 0 at both ends."""
    total = 0.0
    for offset, harmonic in enumerate(harmonics):
        chance = either_way(stage.seed, draw + offset)
        total += math.copysign(0.3 + 0.3 * abs(chance), chance) * math.sin(TURN * harmonic * phase)
    return total


@motion("loop_rotate", "Turns clockwise at a constant speed.", eased=False)
@rounding
def loop_rotate(phase: float, stage: Stage) -> Pose:
    return Pose(turn_deg=360 * phase)


@motion("loop_rotate_smooth", "Turns clockwise, each turn with its easing.")
@rounding
def loop_rotate_smooth(phase: float, stage: Stage) -> Pose:
    return Pose(turn_deg=360 * phase)


@motion("loop_3d_spin", "Spins about its vertical axis in perspective.", eased=False)
@rounding
def loop_3d_spin(phase: float, stage: Stage) -> Pose:
    return Pose(tilt_y_deg=360 * phase)


@motion("loop_3d_sway", "Sways gently to and fro in perspective.", eased=False)
@rounding
def loop_3d_sway(phase: float, stage: Stage) -> Pose:
    return Pose(tilt_x_deg=7 * math.sin(2 * TURN * phase), tilt_y_deg=16 * math.sin(TURN * phase))


@motion("loop_orbit", "Moves round a small circle above its place.", eased=False)
@rounding
def loop_orbit(phase: float, stage: Stage) -> Pose:
    radius_px = near_px(stage, 0.1, 0.045)
    return Pose(x_px=radius_px * math.sin(TURN * phase), y_px=radius_px * (math.cos(TURN * phase) - 1))


@motion("loop_breathe", "Grows a little and shrinks back, glyphs one after the other.", eased=False)
@rounding
def loop_breathe(phase: float, stage: Stage) -> Pose:
    scale = 1 + (0.09 if stage.is_glyph else 0.06) * swell(_own_phase(phase, stage, 0.6))
    return Pose(scale_x=scale, scale_y=scale)


@motion("loop_shimmer", "A glint runs over the glyphs; a whole element glows up gently.", eased=False)
@rounding
def loop_shimmer(phase: float, stage: Stage) -> Pose:
    if not stage.is_glyph:
        return Pose(shine=0.3 * swell(phase))
    own = _own_phase(phase, stage, 0.4)
    glint = swell(own, 0.3, 1)
    # White glyphs cannot grow whiter: the dip before the glint lets every colour shimmer.
    dip = smooth(own, 0, 0.3) * (1 - smooth(own, 0.3, 0.65))
    return Pose(scale_x=1 + 0.05 * glint, scale_y=1 + 0.05 * glint, opacity=1 - 0.5 * dip, shine=0.9 * glint)


def _own_phase(phase: float, stage: Stage, length: float) -> float:
    """The phase of one glyph, whose own round lasts `length` of the whole: the first begins with it, the last ends."""
    start = (1 - length) * stage.index / max(1, stage.count - 1)
    return min(max((phase - start) / length, 0.0), 1.0) if stage.is_glyph else phase
