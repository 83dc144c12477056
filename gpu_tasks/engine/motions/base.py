"""What a motion may change about an element, and the registry of motions."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from gpu_tasks.engine.easing import ease
from gpu_tasks.timeline.request import Motion
from gpu_tasks.timeline.values import exact


@dataclass(frozen=True, slots=True)
class Stage:
    """What a motion knows: the canvas size, and the element's bounds on it at rest (left, top, right, bottom)."""

    canvas: tuple[int, int]
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Pose:
    """An element's deviation from rest. Poses of several motions compose: offsets add, factors multiply.

    `scale` grows the element about its centre; `zoom` grows the content inside its unmoving outline.
    """

    x_px: float = 0.0
    y_px: float = 0.0
    scale: float = 1.0
    zoom: float = 1.0
    opacity: float = 1.0

    def combined(self, other: "Pose") -> "Pose":
        return Pose(
            self.x_px + other.x_px,
            self.y_px + other.y_px,
            self.scale * other.scale,
            self.zoom * other.zoom,
            self.opacity * other.opacity,
        )


REST: Final = Pose()

MotionFunction = Callable[[float, bool, Stage], Pose]
"""(amount, exiting, stage) → pose. `amount` is the eased progress 0 → 1 of the entrance, or of the exit."""

MOTIONS: Final[dict[str, MotionFunction]] = {}


def motion(name: str) -> Callable[[MotionFunction], MotionFunction]:
    """Register the look of a motion of the catalogue."""

    def register(function: MotionFunction) -> MotionFunction:
        MOTIONS[name] = function
        return function

    return register


def pose_at(motions: list[Motion], time_s: Fraction, stage: Stage) -> Pose:
    """The composed pose of an element's motions at timeline second `time_s`."""
    pose = REST
    for entry in motions:
        pose = pose.combined(_pose_of(entry, time_s, stage))
    return pose


def _pose_of(entry: Motion, time_s: Fraction, stage: Stage) -> Pose:
    start_s = exact(entry.time) + exact(entry.delay)
    progress = (time_s - start_s) / exact(entry.duration)
    amount = ease(entry.easing, float(progress))
    return MOTIONS[entry.type](amount, entry.reversed, stage)
