"""The draw list of a frame: a value that says everything about its pixels.

Equal draw lists mean equal frames. Computing one touches no pixels: it is the plan, the placements and the motions
evaluated at the frame's exact time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from gpu_tasks.engine.motions import MOTIONS, REST, Pose, Stage, pose_at
from gpu_tasks.timeline.geometry import Affine, Placement, scaling, translation
from gpu_tasks.timeline.plan import Canvas, Clip, Join, Plan, Span
from gpu_tasks.timeline.request import Motion, VideoElement
from gpu_tasks.timeline.values import exact


@dataclass(frozen=True, slots=True)
class Draw:
    """One picture on the canvas. `clip` is its position in the plan; `time_s` the source second of a video."""

    clip: int
    time_s: Fraction | None
    matrix: Affine
    opacity: float = 1.0
    zoom: float = 1.0


@dataclass(frozen=True, slots=True)
class Mix:
    """Two pictures joined by a transition; None is transparent."""

    type: str
    progress: float
    outgoing: Draw | None
    incoming: Draw | None

    def draws(self) -> Iterator[Draw]:
        yield from (draw for draw in (self.outgoing, self.incoming) if draw is not None)


Item = Draw | Mix


class Scene:
    """A plan whose clips have their places: turns frame numbers into draw lists.

    `placements` maps positions in `plan.clips` to places; a clip without one has no area and is never drawn.
    """

    def __init__(self, plan: Plan, placements: Mapping[int, Placement]) -> None:
        self.plan = plan
        self.placements = placements
        self.canvas: Canvas = plan.canvas
        self._stages = {position: self._stage(place) for position, place in placements.items()}
        self.spans = tuple(self._without_hidden(span) for span in plan.spans)

    def items(self, frame: int, span: Span) -> tuple[Item, ...]:
        """What `frame` of `span` shows, bottom first; what cannot be seen is left out."""
        time_s = Fraction(frame, self.canvas.frame_rate)
        items = (self._item(entry, time_s) for entry in span.items)
        return tuple(item for item in items if item is not None)

    def clips_of(self, span: Span) -> Iterator[int]:
        """Positions of the clips that a span may draw."""
        for item in span.items:
            positions = (item.outgoing, item.incoming) if isinstance(item, Join) else (item,)
            yield from (p for p in positions if p is not None and p in self.placements)

    def _stage(self, place: Placement) -> Stage:
        return Stage(self.canvas.size, place.matrix.bounds(place.width, place.height))

    def _item(self, entry: int | Join, time_s: Fraction) -> Item | None:
        if isinstance(entry, int):
            return self._draw(entry, time_s)
        outgoing = None if entry.outgoing is None else self._draw(entry.outgoing, time_s)
        incoming = None if entry.incoming is None else self._draw(entry.incoming, time_s)
        if outgoing is None and incoming is None:
            return None
        return Mix(entry.type, entry.progress(time_s), outgoing, incoming)

    def _draw(self, position: int, time_s: Fraction) -> Draw | None:
        place = self.placements.get(position)
        if place is None:
            return None
        clip = self.plan.clips[position]
        pose = pose_at(clip.element.motion, time_s, self._stages[position])
        opacity = pose.opacity * clip.element.opacity / 100
        if opacity <= 0 or min(pose.scale_x, pose.scale_y) <= 0:
            return None
        source_time_s = clip.source_time_s(time_s) if isinstance(clip.element, VideoElement) else None
        return Draw(position, source_time_s, _posed(place, pose), opacity, pose.zoom)

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
        return is_opaque(clip) and all(self._keeps_covering(motion, position, span) for motion in clip.element.motion)

    def _keeps_covering(self, motion: Motion, position: int, span: Span) -> bool:
        """Spans begin and end where motions do, so outside its own time a motion's pose is constant over the span."""
        if MOTIONS[motion.type].keeps_covering:
            return True
        time_s = Fraction(span.first, self.canvas.frame_rate)
        start_s = exact(motion.time) + exact(motion.delay)
        moving = start_s <= time_s < start_s + exact(motion.duration)
        return not moving and pose_at([motion], time_s, self._stages[position]) == REST


def is_opaque(clip: Clip) -> bool:
    """Whether every pixel of the clip's picture hides what is behind it."""
    return clip.source is not None and not clip.source.has_alpha


def _posed(place: Placement, pose: Pose) -> Affine:
    matrix = place.matrix
    if (pose.scale_x, pose.scale_y) != (1, 1):
        matrix = matrix.then(scaling(pose.scale_x, pose.scale_y, about=place.center))
    if pose.x_px or pose.y_px:
        matrix = matrix.then(translation(pose.x_px, pose.y_px))
    return matrix
