"""From a request and its probed sources to a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from gpu_tasks.errors import JobFailed
from gpu_tasks.timeline.catalogue import catalogue
from gpu_tasks.timeline.joins import join_clips
from gpu_tasks.timeline.plan import Canvas, Clip, Plan
from gpu_tasks.timeline.request import (
    AudioElement,
    ImageElement,
    RenderRequest,
    TextElement,
    VisualElement,
)
from gpu_tasks.timeline.sounds import plan_sounds, playing_time_s
from gpu_tasks.timeline.sources import SourceInfo
from gpu_tasks.timeline.spans import plan_spans
from gpu_tasks.timeline.values import exact, parse_color
from gpu_tasks.timeline.watermark import watermark

Sources = Mapping[str, SourceInfo]
STILL_FORMATS = frozenset({"png", "jpg"})


def make_plan(request: RenderRequest, sources: Sources, *, marked: bool = False) -> Plan:
    """Plan a film, `marked` with the free plan's watermark or not.

    Raises JobFailed when a source cannot play the part that the request gives it.
    """
    clips = _clips(request, sources)
    _require_sound(request, sources)
    duration_s = _film_duration_s(request, clips, sources)
    canvas = _canvas(request, duration_s)
    clips, joins, warnings = join_clips(clips, request.transitions)
    if request.background_image_url:
        clips = (*clips, _background(request, sources, canvas.duration_s))
    if marked:
        clips = (*clips, watermark(canvas))
    sounds = plan_sounds(request, clips, joins, sources)
    return Plan(canvas, clips, joins, plan_spans(canvas, clips, joins), sounds, warnings)


def _clips(request: RenderRequest, sources: Sources) -> tuple[Clip, ...]:
    return tuple(
        _clip(index, element, sources)
        for index, element in enumerate(request.elements)
        if element.visible and not isinstance(element, AudioElement)
    )


def _clip(index: int, element: VisualElement, sources: Sources) -> Clip:
    start_s = exact(element.time)
    if isinstance(element, TextElement):
        return Clip(index, element, None, start_s, start_s + exact(element.duration))
    source = sources[element.source_url]
    if element.lut_url:
        _require(sources[element.lut_url].kind == "lut", element.lut_url, "is not a colour table (.cube)")
    if isinstance(element, ImageElement):
        _require(source.kind == "image", element.source_url, "is not a picture")
        return Clip(index, element, source, start_s, start_s + exact(element.duration))
    _require(source.kind == "video", element.source_url, "has no moving picture")
    return Clip(index, element, source, start_s, start_s + playing_time_s(element, source))


def _require_sound(request: RenderRequest, sources: Sources) -> None:
    for element in request.elements:
        if isinstance(element, AudioElement) and element.visible:
            _require(sources[element.source_url].has_audio, element.source_url, "has no sound")


def _require(fulfilled: bool, url: str, what: str) -> None:
    if not fulfilled:
        raise JobFailed("invalid_source", f"{url} {what}")


def _background(request: RenderRequest, sources: Sources, duration_s: Fraction) -> Clip:
    """The background image is one more still below everything."""
    url = request.background_image_url
    assert url is not None
    _require(sources[url].kind == "image", url, "is not a picture")
    element = ImageElement.model_construct(type="image", id="background", source_url=url, duration=float(duration_s))
    return Clip(1_000_000, element.model_copy(update={"z_index": -10_000_000}), sources[url], Fraction(0), duration_s)


def _film_duration_s(request: RenderRequest, clips: Sequence[Clip], sources: Sources) -> Fraction:
    if request.duration is not None:
        return exact(request.duration)
    ends = [clip.stop_s for clip in clips]
    ends += [
        exact(element.time) + playing_time_s(element, sources[element.source_url])
        for element in request.elements
        if isinstance(element, AudioElement) and element.visible
    ]
    return max(ends, default=Fraction(catalogue()["canvas"]["duration_fallback_seconds"]))


def _canvas(request: RenderRequest, duration_s: Fraction) -> Canvas:
    width, height = request.size
    canvas = Canvas(
        width,
        height,
        request.frame_rate,
        max(1, round(duration_s * request.frame_rate)),
        parse_color(request.background_color),
        request.alpha,
        request.output_format,
    )
    if request.output_format not in STILL_FORMATS:
        return canvas
    poster = min(canvas.frame_at(exact(request.poster_time or 0)), canvas.frame_count - 1)
    return replace(canvas, first_frame=poster, frame_count=1)
