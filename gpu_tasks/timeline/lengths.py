"""How long a film will be, as far as that can be told without looking at its sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from gpu_tasks.timeline.catalogue import catalogue
from gpu_tasks.timeline.planner import STILL_FORMATS
from gpu_tasks.timeline.request import AudioElement, Element, RenderRequest, VideoElement
from gpu_tasks.timeline.values import exact

Durations = Mapping[str, Fraction | None]
"""Seconds that sources last, by their URLs; None, like a missing one, where that is not known."""


@dataclass(frozen=True, slots=True)
class Length:
    """`at_least_s` is what the known parts of a film come to, in seconds; all of it when `is_known`."""

    at_least_s: Fraction
    is_known: bool


def film_length(request: RenderRequest, durations: Durations) -> Length:
    """The length of what a render makes: whole frames, 0 for a still.

    A clip with an `out_point` counts as if its source lasted that long, when nobody knows.
    """
    if request.output_format in STILL_FORMATS:
        return Length(Fraction(0), True)
    if request.duration is not None:
        return Length(_whole_frames(exact(request.duration), request), True)
    ends = [end_s(element, durations) for element in request.elements if element.visible]
    if not ends:
        ends = [Fraction(catalogue()["canvas"]["duration_fallback_seconds"])]
    known = [end for end in ends if end is not None]
    return Length(_whole_frames(max(known, default=Fraction(0)), request), len(known) == len(ends))


def _whole_frames(duration_s: Fraction, request: RenderRequest) -> Fraction:
    return Fraction(max(1, round(duration_s * request.frame_rate)), request.frame_rate)


def end_s(element: Element, durations: Durations) -> Fraction | None:
    """When an element ends, in seconds of the film; None where that is not known, see `film_length`."""
    if not isinstance(element, (VideoElement, AudioElement)):
        return exact(element.time) + exact(element.duration)
    stop_s = durations.get(element.source_url)
    if element.out_point is not None:
        out_point_s = exact(element.out_point)
        stop_s = out_point_s if stop_s is None else min(out_point_s, stop_s)
    if stop_s is None:
        return None
    return exact(element.time) + max(Fraction(0), stop_s - exact(element.in_point)) / exact(element.speed)
