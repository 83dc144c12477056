"""Sizes: the way of videos to the canvas, and the kernels that shrink and enlarge, against swscale."""

from collections.abc import Iterator

from benchmarks.verify.finding import Finding, Size, alike, inner
from benchmarks.verify.graph import filtered, frame_of, planes_of
from benchmarks.verify.pictures import natural, smooth, surface_of
from gpu_tasks.engine.convert import Converter, Target
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.timeline.geometry import place_media
from gpu_tasks.timeline.request import VideoElement
from gpu_tasks.timeline.sources import SourceInfo


def findings(size: Size) -> Iterator[Finding]:
    width, height = size[0] // 12 * 12, size[1] // 12 * 12
    yield _video((width, height), (width * 2 // 3, height * 2 // 3), "video scaled by ⅔")
    yield _video((width, height), (width * 4 // 3, height * 4 // 3), "video scaled by 1⅓")
    yield _cropped((width, height))
    planes = surface_of(natural((width, height)), 1).every_plane()
    half, twice = (width // 2, height // 2), (width * 2, height * 2)
    theirs = planes_of(filtered(frame_of(planes, "yuv444p"), ("scale", f"{half[0]}:{half[1]}:flags=area+accurate_rnd")))
    yield alike("shrink to ½", "FFmpeg swscale area", [cpu.shrink(plane, half) for plane in planes], theirs)
    planes = surface_of(smooth((width, height)), 1).every_plane()
    large = filtered(frame_of(planes, "yuv444p"), ("scale", f"{twice[0]}:{twice[1]}:flags=bilinear+accurate_rnd"))
    ours = [cpu.enlarge(plane, twice, smooth=True) for plane in planes]
    yield alike("enlarge to 2", "FFmpeg swscale bilinear", inner(ours, 2), inner(planes_of(large), 2))


def _converter(source: Size, shown: Size) -> Converter:
    info = SourceInfo("video", "mp4", "video/mp4", 1, *source, has_video=True)
    element = VideoElement.model_validate({"type": "video", "source_url": "https://a.test/a.mp4"})
    place = place_media(element, source, shown)
    assert place is not None
    return Converter(info, Target(place, *shown, 2))


def _video(source: Size, shown: Size, operation: str) -> Finding:
    frame = frame_of(surface_of(natural(source)).every_plane(), "yuv420p")
    theirs = filtered(frame, ("scale", f"{shown[0]}:{shown[1]}:flags=bicubic+accurate_rnd"))
    ours = _converter(source, shown).convert(frame)
    return alike(operation, "FFmpeg swscale bicubic", ours.every_plane(), planes_of(theirs))


def _cropped(source: Size) -> Finding:
    """A wide source fills an upright canvas: what hangs over is cut off on both sides alike."""
    side = source[1]
    left = (source[0] - side) // 2
    frame = frame_of(surface_of(natural(source)).every_plane(), "yuv420p")
    shown = (side // 2, side // 2)
    chain = (
        ("crop", f"{side}:{side}:{left}:0:exact=1"),
        ("scale", f"{shown[0]}:{shown[1]}:flags=bicubic+accurate_rnd"),
    )
    ours = _converter(source, shown).convert(frame)
    return alike("video cut to a square", "FFmpeg crop, scale", ours.every_plane(), planes_of(filtered(frame, *chain)))
