"""The audible half of a plan: gains, fades, and the cross-fades that follow transitions."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from gpu_tasks.errors import JobFailed
from gpu_tasks.timeline.plan import Clip, Join
from gpu_tasks.timeline.request import AudioElement, RenderRequest, VideoElement
from gpu_tasks.timeline.sound import Ramp, Sound
from gpu_tasks.timeline.sources import SourceInfo
from gpu_tasks.timeline.values import exact


def plan_sounds(
    request: RenderRequest, clips: Sequence[Clip], joins: Sequence[Join], sources: Mapping[str, SourceInfo]
) -> tuple[Sound, ...]:
    """Every audible element of the film."""
    sounds = [_clip_sound(position, clip, joins) for position, clip in enumerate(clips) if _is_audible(clip)]
    for element in request.elements:
        if isinstance(element, AudioElement) and element.visible:
            sounds.append(_audio_sound(element, sources))
    return tuple(sounds)


def playing_time_s(element: VideoElement | AudioElement, source: SourceInfo) -> Fraction:
    """How long the element plays. Raises JobFailed when its in_point lies at or after the source's end."""
    in_point, end = exact(element.in_point), source.duration_s or Fraction(0)
    if in_point >= end:
        raise JobFailed(
            "invalid_source",
            f"in_point {element.in_point} s lies at or after the end ({float(end):.3f} s) of {element.source_url}",
        )
    out_point = end if element.out_point is None else min(exact(element.out_point), end)
    return (out_point - in_point) / exact(element.speed)


def _is_audible(clip: Clip) -> bool:
    element, source = clip.element, clip.source
    return isinstance(element, VideoElement) and source is not None and source.has_audio and element.volume > 0


def _clip_sound(position: int, clip: Clip, joins: Sequence[Join]) -> Sound:
    element = clip.element
    assert isinstance(element, VideoElement)
    # What is held is a picture; its sound ends where the trim ends.
    stop_s = clip.stop_s if clip.hold_s is None else min(clip.stop_s, clip.hold_s)
    ramps = (*_fades(element, clip.start_s, stop_s), *_crossfades(position, joins))
    return Sound(
        element.source_url,
        clip.start_s,
        stop_s,
        clip.source_time_s(clip.start_s),
        exact(element.speed),
        element.volume / 100,
        ramps,
    )


def _audio_sound(element: AudioElement, sources: Mapping[str, SourceInfo]) -> Sound:
    source = sources[element.source_url]
    start_s = exact(element.time)
    stop_s = start_s + playing_time_s(element, source)
    return Sound(
        element.source_url,
        start_s,
        stop_s,
        exact(element.in_point),
        exact(element.speed),
        element.volume / 100,
        tuple(_fades(element, start_s, stop_s)),
    )


def _fades(element: VideoElement | AudioElement, start_s: Fraction, stop_s: Fraction) -> Iterator[Ramp]:
    if element.fade_in_duration:
        yield Ramp(start_s, start_s + exact(element.fade_in_duration), 0.0, 1.0)
    if element.fade_out_duration:
        yield Ramp(stop_s - exact(element.fade_out_duration), stop_s, 1.0, 0.0)


def _crossfades(position: int, joins: Sequence[Join]) -> Iterator[Ramp]:
    for join in joins:
        if position == join.outgoing:
            yield Ramp(join.start_s, join.stop_s, 1.0, 0.0)
        elif position == join.incoming:
            yield Ramp(join.start_s, join.stop_s, 0.0, 1.0)
