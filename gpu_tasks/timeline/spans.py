"""Cuts the film into spans: stretches of frames over which nobody enters, leaves, starts or stops moving."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from gpu_tasks.timeline.plan import Canvas, Clip, Join, Span
from gpu_tasks.timeline.values import exact


def plan_spans(canvas: Canvas, clips: Sequence[Clip], joins: Sequence[Join]) -> tuple[Span, ...]:
    """The spans of the film in order, without gaps."""
    first, stop = canvas.first_frame, canvas.first_frame + canvas.frame_count
    cuts = {canvas.frame_at(time_s) for time_s in _moments(clips, joins)}
    edges = [first, *sorted(cut for cut in cuts if first < cut < stop), stop]
    starts = sorted(range(len(clips)), key=lambda i: clips[i].start_s)
    return tuple(Span(a, b, _items(canvas, a, clips, joins, starts)) for a, b in pairwise(edges))


def _moments(clips: Sequence[Clip], joins: Sequence[Join]) -> Iterator[Fraction]:
    for join in joins:
        yield join.start_s
        yield join.stop_s
    for clip in clips:
        yield clip.start_s
        yield clip.stop_s
        for motion in clip.element.motion:
            start_s = exact(motion.time) + exact(motion.delay)
            yield start_s
            if not motion.repeats:
                yield start_s + exact(motion.duration)


def _items(
    canvas: Canvas, frame: int, clips: Sequence[Clip], joins: Sequence[Join], starts: Sequence[int]
) -> tuple[int | Join, ...]:
    """What frame `frame` shows, bottom first; a joined clip is shown by its join alone."""
    time_s = Fraction(frame, canvas.frame_rate)
    active = []
    for position in starts:
        if clips[position].start_s > time_s:
            break
        if time_s < clips[position].stop_s:
            active.append(position)
    running = [join for join in joins if join.start_s <= time_s < join.stop_s]
    joined = {position for join in running for position in (join.outgoing, join.incoming)}
    items: list[int | Join] = [position for position in active if position not in joined]
    return tuple(sorted([*items, *running], key=lambda item: _stacking(item, clips)))


def _stacking(item: int | Join, clips: Sequence[Clip]) -> tuple[int, int]:
    if isinstance(item, int):
        return clips[item].stacking
    places = [clips[position].stacking for position in (item.outgoing, item.incoming) if position is not None]
    z_index, order = max(places)
    return (z_index if item.z_index is None else item.z_index, order)
