"""Designed entrances of texts: what one letter, word or line does in its turn."""

import math

from gpu_tasks.engine.motions.base import Pose
from gpu_tasks.engine.motions.chance import either_way, share
from gpu_tasks.engine.motions.curves import drop, smooth
from gpu_tasks.engine.text.curves import back_out, cubic_out, quint_out
from gpu_tasks.engine.text.scene import Turn, entrance


@entrance("word_by_word", "word", step_s=0.3, turn_s=0.32)
def word_by_word(progress: float, turn: Turn) -> Pose:
    amount = cubic_out(progress)
    scale = 0.94 + 0.06 * amount
    return Pose(y_px=0.18 * turn.em * (1 - amount), scale_x=scale, scale_y=scale, opacity=smooth(progress, 0, 0.7))


@entrance("fade_up", "word", step_s=0.07, turn_s=0.7)
def fade_up(progress: float, turn: Turn) -> Pose:
    return Pose(y_px=0.55 * turn.em * (1 - quint_out(progress)), opacity=smooth(progress, 0, 0.6))


@entrance("line_reveal", "line", step_s=0.14, turn_s=0.85)
def line_reveal(progress: float, turn: Turn) -> Pose:
    below = 1 - quint_out(progress)
    _, top, _, bottom = turn.spot.bounds
    return Pose(y_px=(bottom - top) * below, shown=(0.0, 0.0, 1.0, 1 - below))


@entrance("pop_in", "letter", step_s=0.035, turn_s=0.45)
def pop_in(progress: float, turn: Turn) -> Pose:
    scale = back_out(progress, 2.2)
    return Pose(scale_x=scale, scale_y=scale, opacity=smooth(progress, 0, 0.25))


@entrance("drop_in", "letter", step_s=0.045, turn_s=0.8)
def drop_in(progress: float, turn: Turn) -> Pose:
    lean = either_way(turn.seed, 0) * (1 - smooth(progress, 0, 0.45))
    return Pose(y_px=-1.15 * turn.em * drop(progress), turn_deg=16 * lean, opacity=smooth(progress, 0, 0.15))


@entrance("blur_in", "letter", step_s=0.03, turn_s=0.7)
def blur_in(progress: float, turn: Turn) -> Pose:
    away = (1 - progress) ** 2
    scale = 1 + 0.14 * away
    return Pose(scale_x=scale, scale_y=scale, opacity=smooth(progress, 0, 0.8), blur_px=0.28 * turn.em * away)


@entrance("tracking_in", "letter", step_s=0.0, turn_s=1.3)
def tracking_in(progress: float, turn: Turn) -> Pose:
    away = 1 - quint_out(progress)
    return Pose(
        x_px=0.45 * (turn.spot.centre[0] - turn.line.centre[0]) * away,
        opacity=smooth(progress, 0, 0.55),
        blur_px=0.07 * turn.em * (1 - progress) ** 2,
    )


@entrance("flip_in", "letter", step_s=0.045, turn_s=0.65)
def flip_in(progress: float, turn: Turn) -> Pose:
    lying = 1 - back_out(progress, 1.4)
    return Pose(y_px=0.3 * turn.em * lying, tilt_x_deg=-88 * lying, opacity=smooth(progress, 0, 0.25))


@entrance("slam", "word", step_s=0.2, turn_s=0.26)
def slam(progress: float, turn: Turn) -> Pose:
    away = (1 - progress) ** 2
    # A short dent when it lands.
    scale = 1 + 1.8 * away - 0.05 * math.sin(math.pi * smooth(progress, 0.6, 1))
    return Pose(scale_x=scale, scale_y=scale, opacity=smooth(progress, 0, 0.5), blur_px=0.1 * turn.em * away)


@entrance("glitch_in", "letter", step_s=0.02, turn_s=0.55)
def glitch_in(progress: float, turn: Turn) -> Pose:
    """Eight jerks, each smaller than the one before."""
    jerk = int(progress * 8)
    strength = (1 - jerk / 8) ** 1.5
    seed = turn.seed * 8 + jerk
    return Pose(
        x_px=0.3 * turn.em * strength * either_way(seed, 0),
        y_px=0.12 * turn.em * strength * either_way(seed, 1),
        scale_y=1 + 0.35 * strength * either_way(seed, 2),
        opacity=0.0 if share(seed, 3) < 0.45 * strength else 1.0,
        split_px=0.09 * turn.em * strength,
    )
