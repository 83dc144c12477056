"""When the elements of a film begin and end, as far as anybody knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from gpu_tasks.timeline.catalogue import catalogue
from gpu_tasks.timeline.joins import join_clips
from gpu_tasks.timeline.lengths import Durations, end_s
from gpu_tasks.timeline.plan import Clip, Join
from gpu_tasks.timeline.request import AudioElement, Element, ImageElement, RenderRequest
from gpu_tasks.timeline.values import exact

_UNKNOWN_TAIL_S: Final = Fraction(10)
"""How much of a clip of unknown length is drawn where nothing else says how long the film is."""


@dataclass(frozen=True, slots=True)
class Span:
    """An element over [start_s, stop_s) of the film, both exact seconds. `index` is its place in the request.

    `is_open`: it may go on, or end earlier; only its source would tell. `is_cut`: the film ends before it does.
    """

    index: int
    element: Element
    start_s: Fraction
    stop_s: Fraction
    is_open: bool = False
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Film:
    """What is seen and heard when. `joins` name `visuals` by their positions.

    `late` are elements that begin after the end, `hidden` those that are not visible: neither is in the film.
    """

    duration_s: Fraction
    is_known: bool
    visuals: tuple[Span, ...]
    sounds: tuple[Span, ...]
    joins: tuple[Join, ...]
    hidden: tuple[Element, ...]
    late: tuple[Element, ...]


def film_of(request: RenderRequest, durations: Durations, made_s: float | None = None) -> Film:
    """Resolve the times of a request. `made_s` is how long the finished film is, None or 0 while there is none."""
    visible = {index: element for index, element in enumerate(request.elements) if element.visible}
    ends = {index: end_s(element, durations) for index, element in visible.items()}
    duration_s, is_known = _length(request, visible, ends, made_s)
    spans = {index: _span(index, element, ends[index], duration_s) for index, element in visible.items()}
    shown = [span for span in spans.values() if span.start_s < duration_s and span.start_s < span.stop_s]
    visuals = [span for span in shown if not isinstance(span.element, AudioElement)]
    return Film(
        duration_s=duration_s,
        is_known=is_known,
        visuals=(*visuals, *_background(request, duration_s)),
        sounds=tuple(span for span in shown if isinstance(span.element, AudioElement)),
        joins=_joins(visuals, request, duration_s),
        hidden=tuple(element for element in request.elements if not element.visible),
        late=tuple(span.element for span in spans.values() if span.start_s >= duration_s),
    )


def _length(
    request: RenderRequest, visible: Mapping[int, Element], ends: Mapping[int, Fraction | None], made_s: float | None
) -> tuple[Fraction, bool]:
    if made_s:
        return exact(made_s), True
    if request.duration is not None:
        return exact(request.duration), True
    if not visible:
        return Fraction(catalogue()["canvas"]["duration_fallback_seconds"]), True
    known = [end for end in ends.values() if end is not None]
    unknown = [exact(visible[index].time) + _UNKNOWN_TAIL_S for index, end in ends.items() if end is None]
    return max([*known, *unknown, Fraction(1, request.frame_rate)]), not unknown


def _span(index: int, element: Element, stop_s: Fraction | None, film_s: Fraction) -> Span:
    start_s = exact(element.time)
    if stop_s is None:
        return Span(index, element, start_s, max(start_s, film_s), is_open=True)
    return Span(index, element, start_s, min(stop_s, film_s), is_cut=stop_s > film_s)


def _background(request: RenderRequest, film_s: Fraction) -> list[Span]:
    """The background image lies below everything."""
    url = request.background_image_url
    if not url:
        return []
    element = ImageElement.model_construct(
        type="image", id="", name="Background", source_url=url, duration=float(film_s), time=0, z_index=-10_000_000
    )
    return [Span(1_000_000, element, Fraction(0), film_s)]


def _joins(visuals: list[Span], request: RenderRequest, film_s: Fraction) -> tuple[Join, ...]:
    clips = [as_clip(span) for span in visuals]
    _, joins, _ = join_clips(clips, request.transitions)
    return tuple(join for join in joins if join.start_s < min(join.stop_s, film_s))


def as_clip(span: Span) -> Clip:
    """The span as the engine's planner knows it."""
    assert not isinstance(span.element, AudioElement)
    return Clip(span.index, span.element, None, span.start_s, span.stop_s)
