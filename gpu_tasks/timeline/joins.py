"""Transitions on the timeline: their exact windows, and how far the joined clips play beyond their trim points."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from gpu_tasks.timeline.lint import Violation
from gpu_tasks.timeline.plan import Clip, Join
from gpu_tasks.timeline.problems import pointer
from gpu_tasks.timeline.request import Transition
from gpu_tasks.timeline.values import exact


def join_clips(
    clips: Sequence[Clip], transitions: Sequence[Transition]
) -> tuple[tuple[Clip, ...], tuple[Join, ...], tuple[Violation, ...]]:
    """Lay the transitions over the clips; clips come back extended where a transition plays on past a cut."""
    joined = list(clips)
    position = {clip.element.id: i for i, clip in enumerate(clips) if clip.element.id}
    joins: list[Join] = []
    warnings: list[Violation] = []
    for index, transition in enumerate(transitions):
        outgoing, incoming = position.get(transition.from_id or ""), position.get(transition.to_id or "")
        if outgoing is not None and incoming is not None:
            start_s, stop_s = _window_between(joined, outgoing, incoming, exact(transition.duration))
            warnings += _gap_warning(clips[outgoing], clips[incoming], index)
        elif outgoing is not None or incoming is not None:
            start_s, stop_s = _window_at_edge(joined, outgoing, incoming, exact(transition.duration))
        else:
            continue
        start_s = max([start_s, *(j.stop_s for j in joins if _share(j, outgoing, incoming) and j.stop_s < stop_s)])
        joins.append(Join(transition.type, start_s, stop_s, outgoing, incoming, transition.z_index))
    return tuple(joined), tuple(joins), tuple(warnings)


def _share(join: Join, outgoing: int | None, incoming: int | None) -> bool:
    used = {join.outgoing, join.incoming} - {None}
    return bool(used & {outgoing, incoming})


def _window_at_edge(
    clips: list[Clip], outgoing: int | None, incoming: int | None, duration_s: Fraction
) -> tuple[Fraction, Fraction]:
    if outgoing is not None:
        clip = clips[outgoing]
        return max(clip.start_s, clip.stop_s - duration_s), clip.stop_s
    assert incoming is not None
    clip = clips[incoming]
    return clip.start_s, min(clip.stop_s, clip.start_s + duration_s)


def _window_between(clips: list[Clip], outgoing: int, incoming: int, duration_s: Fraction) -> tuple[Fraction, Fraction]:
    first, second = clips[outgoing], clips[incoming]
    if second.start_s < first.stop_s:
        stop_s = min(first.stop_s, second.stop_s)
        start_s = max(second.start_s, first.start_s, stop_s - duration_s)
        if start_s < stop_s:
            return start_s, stop_s
    cut_s = max(second.start_s, first.stop_s)
    start_s, stop_s = cut_s - duration_s / 2, cut_s + duration_s / 2
    hold_s = first.stop_s if second.start_s > first.stop_s else first.hold_s
    clips[outgoing] = replace(first, stop_s=stop_s, hold_s=hold_s)
    clips[incoming] = replace(second, start_s=min(start_s, second.start_s))
    return start_s, stop_s


def _gap_warning(first: Clip, second: Clip, index: int) -> list[Violation]:
    gap_s = second.start_s - first.stop_s
    if gap_s <= 0:
        return []
    message = (
        f"a gap of {float(gap_s):g} s between {first.element.id!r} and {second.element.id!r}: the last frame is held"
    )
    return [Violation("TRANSITION_GAP", message, "warning", pointer(["transitions", index]))]
