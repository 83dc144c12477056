"""Slides: the element enters from beyond the canvas edge, or leaves past the opposite one, in one direction.

Glyphs slide a short way and fade meanwhile: a line of text would otherwise rain in from the edges.
"""

from gpu_tasks.engine.motions.base import MotionFunction, Pose, Stage, motion
from gpu_tasks.engine.motions.curves import smooth
from gpu_tasks.engine.motions.reach import leaving_px

GLYPH_EM = 0.8


def _slide(direction: tuple[int, int]) -> MotionFunction:
    def slide(amount: float, exiting: bool, stage: Stage) -> Pose:
        away = amount if exiting else amount - 1
        offset_px = away * _distance_px(direction, exiting, stage)
        opacity = smooth(1 - abs(away), 0, 0.7) if stage.is_glyph else 1.0
        return Pose(x_px=direction[0] * offset_px, y_px=direction[1] * offset_px, opacity=opacity)

    return slide


def _distance_px(direction: tuple[int, int], exiting: bool, stage: Stage) -> float:
    if stage.is_glyph:
        return GLYPH_EM * stage.size_px
    return leaving_px(direction if exiting else (-direction[0], -direction[1]), stage)


for _name, _direction in {
    "slide_up": (0, -1),
    "slide_down": (0, 1),
    "slide_left": (-1, 0),
    "slide_right": (1, 0),
}.items():
    look = f"Moves {_name[6:]} into place from beyond the canvas, or leaves that way; letters go a short way."
    motion(_name, look)(_slide(_direction))
