"""How far motions reach, and the ways in which entrances and exits mirror each other."""

import math
from collections.abc import Callable

from gpu_tasks.engine.motions.base import REST, MotionFunction, Pose, Stage


def leaving_px(heading: tuple[int, int], stage: Stage) -> float:
    """How far what stands on the stage moves along `heading` until it has just left the canvas; at least 0."""
    left, top, right, bottom = stage.bounds
    width, height = stage.canvas
    distance_px = {(1, 0): width - left, (-1, 0): right, (0, 1): height - top, (0, -1): bottom}[heading]
    return max(0.0, distance_px + stage.overhang_px)


def near_px(stage: Stage, em: float, share: float) -> float:
    """A distance in the neighbourhood: `em` of a glyph; for an element `share` of a length between it and the canvas.

    The geometric mean of the two keeps movements of a thin line of text visible and those of a whole picture small.
    """
    if stage.is_glyph:
        return em * stage.size_px
    return share * math.sqrt(stage.size_px * min(stage.canvas))


def height_px(stage: Stage) -> float:
    return stage.bounds[3] - stage.bounds[1]


def arriving(pose: Callable[[float, Stage], Pose]) -> MotionFunction:
    """An entrance from its pose at presence 0 (away) to 1 (at rest); the exit is the same played backwards."""

    def play(amount: float, exiting: bool, stage: Stage) -> Pose:
        presence = 1 - amount if exiting else amount
        return REST if presence >= 1 else pose(presence, stage)

    return play


def departing(pose: Callable[[float, Stage], Pose]) -> MotionFunction:
    """An exit from its pose at absence 0 (at rest) to 1 (gone)."""

    def play(amount: float, exiting: bool, stage: Stage) -> Pose:
        return REST if amount <= 0 else pose(amount, stage)

    return play


def rounding(pose: Callable[[float, Stage], Pose]) -> MotionFunction:
    """A loop from its pose at phase 0 to 1 of a round; reversed it runs backwards."""

    def play(amount: float, exiting: bool, stage: Stage) -> Pose:
        phase = 1 - amount if exiting else amount
        return pose(phase, stage) if 0 < phase < 1 else REST

    return play
