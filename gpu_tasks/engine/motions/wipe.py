"""Wipes: an edge moves over the resting element and uncovers it, or hides it."""

from gpu_tasks.engine.motions.base import MotionFunction, Pose, Shares, Stage, motion


def _shown(direction: str, amount: float, exiting: bool) -> Shares:
    """What is uncovered when the edge has gone `amount` of its way."""
    near = direction in {"right", "down"}
    edge = amount if near else 1 - amount
    # An entrance shows what the edge has passed, an exit what lies ahead of it.
    first, last = (edge, 1.0) if near == exiting else (0.0, edge)
    return (first, 0.0, last, 1.0) if direction in {"left", "right"} else (0.0, first, 1.0, last)


def _wipe(direction: str) -> MotionFunction:
    def wipe(amount: float, exiting: bool, stage: Stage) -> Pose:
        return Pose(shown=_shown(direction, amount, exiting))

    return wipe


for _direction in ("left", "right", "up", "down"):
    motion(f"wipe_{_direction}", f"An edge that moves {_direction} uncovers the element, or hides it.")(
        _wipe(_direction)
    )
