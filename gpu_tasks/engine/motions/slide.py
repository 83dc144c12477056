"""Slides: the element enters from beyond the canvas edge, or leaves past the opposite one, in one direction."""

from gpu_tasks.engine.motions.base import MotionFunction, Pose, Stage, motion


def _travel_px(direction: tuple[int, int], exiting: bool, stage: Stage) -> float:
    """How far the element lies from just outside the canvas, against (entrance) or along (exit) its direction."""
    left, top, right, bottom = stage.bounds
    heading = direction if exiting else (-direction[0], -direction[1])
    if heading == (1, 0):
        return stage.canvas[0] - left
    if heading == (-1, 0):
        return right
    if heading == (0, 1):
        return stage.canvas[1] - top
    return bottom


def _slide(direction: tuple[int, int]) -> MotionFunction:
    def slide(amount: float, exiting: bool, stage: Stage) -> Pose:
        distance_px = max(0.0, _travel_px(direction, exiting, stage))
        offset_px = distance_px * (amount if exiting else amount - 1)
        return Pose(x_px=direction[0] * offset_px, y_px=direction[1] * offset_px)

    return slide


for _name, _direction in {
    "slide_up": (0, -1),
    "slide_down": (0, 1),
    "slide_left": (-1, 0),
    "slide_right": (1, 0),
}.items():
    motion(_name, f"Comes from beyond the canvas and moves {_name[6:]}, or leaves that way.")(_slide(_direction))
