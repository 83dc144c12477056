"""The draw list of a frame: a value that says everything about its pixels.

Equal draw lists mean equal frames. Computing one touches no pixels: it is the plan, the placements and the motions
evaluated at the frame's exact time.
"""

import zlib
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from gpu_tasks.engine.motions import MOTIONS, REST, Pose, Stage, pose_at
from gpu_tasks.engine.motions.base import WHOLE, Shares
from gpu_tasks.engine.poses import is_invisible, posed, posed_tilt
from gpu_tasks.timeline.geometry import Placement, scale_of
from gpu_tasks.timeline.plan import Canvas, Clip, Join, Plan, Span
from gpu_tasks.timeline.request import Motion, TextElement, VideoElement, VisualElement
from gpu_tasks.timeline.transforms import Affine, Projective
from gpu_tasks.timeline.values import exact

TEXT_OVERHANG_EM = 0.25


class Letters(Protocol):
    """A text whose parts may be drawn each in their own way."""

    def pieces_at(self, time_s: Fraction) -> Hashable:
        """What differs from the plain text at a second of the timeline; None when nothing does."""
        ...


@dataclass(frozen=True, slots=True)
class Draw:
    """One picture on the canvas.

    `clip` is its position in the plan, `time_s` the source second of a video, `frame` the film's frame, `pieces` the
    state of a text. The rest is how the picture is placed: see `Placement` and `Pose`. `blend` is "" for plain over.
    """

    clip: int
    time_s: Fraction | None
    matrix: Affine
    opacity: float = 1.0
    zoom: float = 1.0
    tilt: Projective | None = None
    shown: Shares = WHOLE
    blur_px: float = 0.0
    split_px: float = 0.0
    shine: float = 0.0
    blend: str = ""
    blend_amount: float = 0.0
    frame: int = 0
    pieces: Hashable = None

    @property
    def appearance(self) -> Hashable:
        """Everything but the picture itself that the painted pixels depend on."""
        bare = (self.matrix, self.opacity, self.zoom)
        return bare if self.is_bare else (*bare, self.tilt, self.shown, *self._treatment)

    @property
    def _treatment(self) -> tuple[float | str, ...]:
        return (self.blur_px, self.split_px, self.shine, self.blend, self.blend_amount)

    @property
    def is_bare(self) -> bool:
        """Whether the picture lies flat, whole and untreated; its matrix, opacity and zoom aside."""
        return self.tilt is None and self.shown == WHOLE and not any(self._treatment)


@dataclass(frozen=True, slots=True)
class Mix:
    """Two pictures joined by a transition; None is transparent. `seed` is the transition's own."""

    type: str
    progress: float
    outgoing: Draw | None
    incoming: Draw | None
    seed: int = 0

    def draws(self) -> Iterator[Draw]:
        yield from (draw for draw in (self.outgoing, self.incoming) if draw is not None)


Item = Draw | Mix


class Scene:
    """A plan whose clips have their places: turns frame numbers into draw lists.

    `placements` maps positions in `plan.clips` to places; a clip without one has no area and is never drawn.
    `letters` are the texts whose parts move.
    """

    def __init__(
        self, plan: Plan, placements: Mapping[int, Placement], letters: Mapping[int, Letters] | None = None
    ) -> None:
        self.plan = plan
        self.placements = placements
        self.canvas: Canvas = plan.canvas
        self._letters = letters or {}
        self._stages = {position: self._stage(position, place) for position, place in placements.items()}
        self._motions = {position: _of_the_element(plan.clips[position]) for position in placements}
        self.spans = tuple(self._without_hidden(span) for span in plan.spans)

    def items(self, frame: int, span: Span) -> tuple[Item, ...]:
        """What `frame` of `span` shows, bottom first; what cannot be seen is left out."""
        items = (self._item(entry, frame) for entry in span.items)
        return tuple(item for item in items if item is not None)

    def clips_of(self, span: Span) -> Iterator[int]:
        """Positions of the clips that a span may draw."""
        for item in span.items:
            positions = (item.outgoing, item.incoming) if isinstance(item, Join) else (item,)
            yield from (p for p in positions if p is not None and p in self.placements)

    def _stage(self, position: int, place: Placement) -> Stage:
        element = self.plan.clips[position].element
        return Stage(
            self.canvas.size,
            place.matrix.bounds(place.width, place.height),
            size_px=min(place.width, place.height),
            seed=zlib.crc32((element.id or str(position)).encode()),
            overhang_px=_overhang_px(element, place),
        )

    def _item(self, entry: int | Join, frame: int) -> Item | None:
        if isinstance(entry, int):
            return self._draw(entry, frame)
        outgoing = None if entry.outgoing is None else self._draw(entry.outgoing, frame)
        incoming = None if entry.incoming is None else self._draw(entry.incoming, frame)
        if outgoing is None and incoming is None:
            return None
        progress = entry.progress(Fraction(frame, self.canvas.frame_rate))
        return Mix(entry.type, progress, outgoing, incoming, self.plan.joins.index(entry))

    def _draw(self, position: int, frame: int) -> Draw | None:
        place = self.placements.get(position)
        if place is None:
            return None
        clip, time_s = self.plan.clips[position], Fraction(frame, self.canvas.frame_rate)
        pose = pose_at(self._motions[position], time_s, self._stages[position])
        opacity = pose.opacity * clip.element.opacity / 100
        if opacity <= 0 or is_invisible(pose):
            return None
        letters = self._letters.get(position)
        blend, amount = _blend(clip, pose)
        return Draw(
            position,
            clip.source_time_s(time_s) if isinstance(clip.element, VideoElement) else None,
            posed(place, pose),
            opacity,
            pose.zoom,
            posed_tilt(place, pose, self.canvas.width),
            pose.shown,
            pose.blur_px,
            pose.split_px,
            pose.shine,
            blend,
            amount,
            frame,
            letters.pieces_at(time_s) if letters is not None else None,
        )

    def _without_hidden(self, span: Span) -> Span:
        """The span without what lies under a full opaque cover: it is not even decoded."""
        for depth in range(len(span.items) - 1, 0, -1):
            if self._covers(span.items[depth], span):
                return Span(span.first, span.stop, span.items[depth:])
        return span

    def _covers(self, item: int | Join, span: Span) -> bool:
        if isinstance(item, Join):
            pair = (item.outgoing, item.incoming)
            return None not in pair and all(self._clip_covers(p, span) for p in pair if p is not None)
        return self._clip_covers(item, span)

    def _clip_covers(self, position: int, span: Span) -> bool:
        clip, place = self.plan.clips[position], self.placements.get(position)
        if place is None or not place.covers(self.canvas.size) or clip.element.opacity < 100:
            return False
        return is_opaque(clip) and all(
            self._keeps_covering(motion, position, span) for motion in self._motions[position]
        )

    def _keeps_covering(self, motion: Motion, position: int, span: Span) -> bool:
        """Spans begin and end where motions do, so outside its own time a motion's pose is constant over the span."""
        if MOTIONS[motion.type].keeps_covering:
            return True
        time_s = Fraction(span.first, self.canvas.frame_rate)
        start_s = exact(motion.time) + exact(motion.delay)
        stop_s = None if motion.repeats else start_s + exact(motion.duration)
        moving = start_s <= time_s and (stop_s is None or time_s < stop_s)
        return not moving and pose_at([motion], time_s, self._stages[position]) == REST


def _overhang_px(element: VisualElement, place: Placement) -> float:
    """How far shadows and the strokes of letters reach beyond the outline."""
    shadow_px = place.shadow.reach_px if place.shadow is not None else 0.0
    if not isinstance(element, TextElement):
        return shadow_px
    return shadow_px + TEXT_OVERHANG_EM * element.font_size * max(1.0, *map(abs, scale_of(element)))


def is_opaque(clip: Clip) -> bool:
    """Whether every pixel of the clip's picture hides what is behind it."""
    element = clip.element
    if clip.source is None or clip.source.has_alpha or element.blend_mode != "none" or isinstance(element, TextElement):
        return False
    return all(effect.type != "chroma_key" for effect in element.effects)


def _of_the_element(clip: Clip) -> list[Motion]:
    return [motion for motion in clip.element.motion if motion.scope == "element"]


def _blend(clip: Clip, pose: Pose) -> tuple[str, float]:
    """The blend mode to paint with: a motion's while it has one, else the element's own."""
    if pose.blend_amount > 0:
        return pose.blend, pose.blend_amount
    mode = clip.element.blend_mode
    return ("", 0.0) if mode == "none" else (mode, 1.0)
