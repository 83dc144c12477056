"""What the parts of a text do at a time: character motions, caption tracks and animation presets, composed.

Pure arithmetic on a layout: Skia is not needed to know what a frame will look like.
"""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from gpu_tasks.engine.motions.base import REST, Pose, Stage
from gpu_tasks.engine.text import displays, entrances  # noqa: F401  They register the presets.
from gpu_tasks.engine.text.captions import Captions
from gpu_tasks.engine.text.pieces import Piece, part_of, settled
from gpu_tasks.engine.text.scene import DRAWN_PRESETS, ENTRANCE_SHARE, Scene
from gpu_tasks.engine.text.stagger import poses_at
from gpu_tasks.timeline.geometry import scale_of
from gpu_tasks.timeline.presets import GLYPH_MOTIONS, is_exit_preset
from gpu_tasks.timeline.request import Motion, TextElement
from gpu_tasks.timeline.values import exact

if TYPE_CHECKING:
    from gpu_tasks.engine.text.renderer import TextLayout
    from gpu_tasks.engine.text.spots import Spot

_GLYPH_PRESET_S = 1.6


class Lettering:
    """The course of a text's parts over the timeline.

    `layout` is the element's own; `origin` is where its box's top-left lies on the canvas, in pixels.
    """

    def __init__(
        self, element: TextElement, layout: "TextLayout", canvas: tuple[int, int], origin: tuple[float, float]
    ) -> None:
        self._layout = layout
        self._start_s = exact(element.time)
        self._seed = zlib.crc32(element.id.encode())
        self._frame = _Frame(element, layout, canvas, origin)
        self._captions = Captions(element, layout) if element.word_animation else None
        self._preset = None if self._captions else DRAWN_PRESETS.get(element.animation_preset or "")
        self._scene = Scene(layout, element.duration, element.font_size, self._seed)
        self._motions = [motion for motion in element.motion if motion.scope == "character"]
        if element.animation_preset in GLYPH_MOTIONS and not self._captions:
            self._motions.append(_as_motion(element.animation_preset, element))

    def pieces_at(self, time_s: Fraction) -> tuple[Piece, ...] | None:
        """The pieces at a second of the timeline; None when the text is drawn plainly. Equal states are equal."""
        drawn = self._drawn_at(time_s)
        poses = self._poses_at(time_s)
        return settled(drawn if poses is None else self._composed(drawn, poses))

    def _drawn_at(self, time_s: Fraction) -> list[Piece]:
        if self._captions:
            return self._captions.pieces_at(time_s)
        return self._preset(self._scene, max(0.0, float(time_s - self._start_s))) if self._preset else []

    def _poses_at(self, time_s: Fraction) -> list[Pose] | None:
        """The composed motions of all letters, in pixels of the box; None when all letters rest."""
        moving = (poses_at(motion, time_s, self._stages, self._seed) for motion in self._motions)
        found = [poses for poses in moving if poses is not None]
        if not found:
            return None
        return [self._frame.in_box(_combined(poses)) for poses in zip(*found, strict=True)]

    @cached_property
    def _spots(self) -> "tuple[Spot, ...]":
        """What motions move: letters, or the words of a caption track, which have plates behind them."""
        if not self._captions:
            return self._layout.spots("letter")
        return tuple(spot for word in sorted(self._layout.track) for spot in self._layout.spots_in(*word))

    @cached_property
    def _stages(self) -> tuple[Stage, ...]:
        count = len(self._spots)
        return tuple(self._frame.stage(spot, index, count) for index, spot in enumerate(self._spots))

    def _composed(self, drawn: list[Piece], poses: list[Pose]) -> list[Piece]:
        """Every letter in its own pose, within what the piece it belongs to does."""
        parts: list[Piece] = []
        wholes = iter(drawn)
        whole = next(wholes, None)
        for spot, pose in zip(self._spots, poses, strict=True):
            while whole and whole.end <= spot.start:
                whole = next(wholes, None)
            if whole is None or spot.start < whole.start:
                parts.append(Piece(spot.start, spot.end, pose))
            else:
                parts.append(self._part(whole, spot, pose))
        carets = [piece for piece in drawn if piece.start == piece.end]
        return [*parts, *carets]

    def _part(self, whole: Piece, spot: "Spot", pose: Pose) -> Piece:
        first = whole.start == spot.start
        within = whole.pose
        if within != REST and not whole.is_hidden:
            about = self._layout.centre(whole.start, whole.end)
            within = part_of(within, about, spot.centre)
        return replace(whole, start=spot.start, end=spot.end, pose=within.combined(pose), caret=whole.caret and first)


class _Frame:
    """How a text's box lies on the canvas, rotation aside: letters move along the box's own axes."""

    def __init__(
        self, element: TextElement, layout: "TextLayout", canvas: tuple[int, int], origin: tuple[float, float]
    ) -> None:
        self._element, self._layout, self._canvas, self._origin = element, layout, canvas, origin
        self._scale = tuple(max(abs(scale), 1e-3) for scale in scale_of(element))
        self._sign_x, self._sign_y = (-1 if flip else 1 for flip in (element.flip_horizontal, element.flip_vertical))

    def stage(self, spot: "Spot", index: int, count: int) -> Stage:
        left, right = self._span(0, spot.bounds[0], spot.bounds[2], self._layout.width, self._sign_x)
        top, bottom = self._span(1, spot.bounds[1], spot.bounds[3], self._layout.height, self._sign_y)
        seed = zlib.crc32(f"{self._element.id}/{index}".encode())
        size_px = self._element.font_size * self._scale[1]
        return Stage(self._canvas, (left, top, right, bottom), size_px, index, count, seed, is_glyph=True)

    def _span(self, axis: int, near: float, far: float, size: float, sign: int) -> tuple[float, float]:
        if sign < 0:
            near, far = size - far, size - near
        return self._origin[axis] + near * self._scale[axis], self._origin[axis] + far * self._scale[axis]

    def in_box(self, pose: Pose) -> Pose:
        """A pose in pixels of the canvas, in those of the box. A mirrored text moves the way it is seen."""
        if self._scale == (1, 1) and self._sign_x == self._sign_y == 1:
            return pose
        return replace(
            pose,
            x_px=pose.x_px / self._scale[0] * self._sign_x,
            y_px=pose.y_px / self._scale[1] * self._sign_y,
            turn_deg=pose.turn_deg * self._sign_x * self._sign_y,
            blur_px=pose.blur_px / self._scale[1],
            split_px=pose.split_px / self._scale[0],
        )


def _combined(poses: Sequence[Pose]) -> Pose:
    whole = poses[0]
    for pose in poses[1:]:
        whole = whole.combined(pose)
    return whole


def _as_motion(name: str, element: TextElement) -> Motion:
    """A motion of letters as a preset: as the element begins, or as it ends."""
    duration_s = min(_GLYPH_PRESET_S, element.duration * ENTRANCE_SHARE)
    leaves = is_exit_preset(name)
    start_s = element.time + element.duration - duration_s if leaves else element.time
    return Motion(type=name, time=start_s, duration=duration_s, scope="character", easing="linear", reversed=leaves)
