"""What a motion may change about an element or a glyph, and the registry of motions."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from gpu_tasks.engine.easing import ease
from gpu_tasks.engine.registry import Registry
from gpu_tasks.timeline.request import Motion
from gpu_tasks.timeline.values import exact

Shares = tuple[float, float, float, float]
"""Left, top, right and bottom as shares of an outline's width and height."""
WHOLE: Final[Shares] = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Stage:
    """What a motion knows about what it moves: an element, or one glyph of a text.

    `bounds` are its bounds on the canvas at rest (left, top, right, bottom). `index` and `count` number the glyphs;
    an element is 0 of 1. `seed` differs between elements and glyphs: randomness must come from it alone.
    `size_px` is the font size for a glyph, and the shorter side for an element: measures of small movements.
    `overhang_px` is how far a shadow may reach beyond the bounds: what leaves the canvas takes it along.
    """

    canvas: tuple[int, int]
    bounds: tuple[float, float, float, float]
    size_px: float = 100.0
    index: int = 0
    count: int = 1
    seed: int = 0
    overhang_px: float = 0.0
    is_glyph: bool = False


@dataclass(frozen=True, slots=True)
class Pose:
    """A deviation from rest. Poses of several motions compose: offsets and angles add, factors multiply.

    The outline is scaled, turned clockwise by `turn_deg` and tilted in perspective (`tilt_x_deg` about the horizontal,
    `tilt_y_deg` about the vertical axis, as CSS rotateX and rotateY) about its own centre, then moved by x, y.
    `zoom` grows the content inside the unmoving outline; `shown` is the part of the outline that is uncovered.
    `blur_px` is a Gaussian sigma. `split_px` pulls red and blue apart sideways. `shine` (0-1) lifts colours to white.
    `blend` names a blend mode that the picture is painted with, `blend_amount` how much of it (the rest is normal).
    """

    x_px: float = 0.0
    y_px: float = 0.0
    scale_x: float = 1.0
    scale_y: float = 1.0
    turn_deg: float = 0.0
    tilt_x_deg: float = 0.0
    tilt_y_deg: float = 0.0
    zoom: float = 1.0
    opacity: float = 1.0
    shown: Shares = WHOLE
    blur_px: float = 0.0
    split_px: float = 0.0
    shine: float = 0.0
    blend: str = ""
    blend_amount: float = 0.0

    def combined(self, other: "Pose") -> "Pose":
        blend = other if other.blend_amount > self.blend_amount else self
        return Pose(
            self.x_px + other.x_px,
            self.y_px + other.y_px,
            self.scale_x * other.scale_x,
            self.scale_y * other.scale_y,
            self.turn_deg + other.turn_deg,
            self.tilt_x_deg + other.tilt_x_deg,
            self.tilt_y_deg + other.tilt_y_deg,
            self.zoom * other.zoom,
            self.opacity * other.opacity,
            (
                max(self.shown[0], other.shown[0]),
                max(self.shown[1], other.shown[1]),
                min(self.shown[2], other.shown[2]),
                min(self.shown[3], other.shown[3]),
            ),
            (self.blur_px**2 + other.blur_px**2) ** 0.5,
            self.split_px + other.split_px,
            1 - (1 - self.shine) * (1 - other.shine),
            blend.blend,
            blend.blend_amount,
        )


REST: Final = Pose()

MotionFunction = Callable[[float, bool, Stage], Pose]
"""(amount, exiting, stage) → pose. `amount` is the eased progress 0 → 1 of the entrance, or of the exit: an entrance is
REST at 1, an exit REST at 0. For a loop it is the phase 0 → 1 of one round; the pose is REST at both ends."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A motion of the registry. `deepest_zoom` is how far it ever zooms the content; rasters are made that large.

    `eased` is False for loops that set their own pace. `keeps_covering`: a picture that fills the canvas still does.
    """

    name: str
    look: str
    pose: MotionFunction
    eased: bool = True
    deepest_zoom: float = 1.0
    keeps_covering: bool = False


MOTIONS: Final[Registry[Entry]] = Registry("gpu_tasks.engine.motions")


def motion(
    name: str, look: str, *, eased: bool = True, deepest_zoom: float = 1.0, keeps_covering: bool = False
) -> Callable[[MotionFunction], MotionFunction]:
    """Register the look of a motion of the catalogue."""

    def register(function: MotionFunction) -> MotionFunction:
        MOTIONS.add(name, Entry(name, look, function, eased, deepest_zoom, keeps_covering))
        return function

    return register


def pose_at(motions: list[Motion], time_s: Fraction, stage: Stage) -> Pose:
    """The composed pose of motions at timeline second `time_s`."""
    pose = REST
    for entry in motions:
        pose = pose.combined(pose_of(entry, time_s, stage))
    return pose


def pose_of(entry: Motion, time_s: Fraction, stage: Stage) -> Pose:
    """The pose of one motion at timeline second `time_s`."""
    progress = progress_of(entry, time_s)
    if entry.is_loop and not 0 <= progress <= 1:
        return REST
    return pose_after(entry, float(progress), stage)


def pose_after(entry: Motion, progress: float, stage: Stage) -> Pose:
    """The pose after a share `progress` of the motion's duration."""
    registered = MOTIONS[entry.type]
    amount = ease(entry.easing, progress) if registered.eased else min(max(progress, 0.0), 1.0)
    return registered.pose(amount, entry.is_exit, stage)


def progress_of(entry: Motion, time_s: Fraction) -> Fraction:
    """The share of the motion's duration that has passed, below 0 before it begins; a loop starts anew."""
    progress = (time_s - exact(entry.time) - exact(entry.delay)) / exact(entry.duration)
    return progress % 1 if entry.repeats and progress > 0 else progress
