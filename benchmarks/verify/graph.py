"""FFmpeg's filters through PyAV, as its wheels carry them: no ffmpeg program is needed."""

from collections.abc import Sequence
from fractions import Fraction

import av
import av.filter
import numpy as np
from av.filter.context import FilterContext

from gpu_tasks.engine.surface import Plane, plane_view, tag_bt709

EXACT_SCALE = "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp"
Filter = tuple[str, str]
"""Name and arguments."""


def filtered(frame: av.VideoFrame, *filters: Filter) -> av.VideoFrame:
    """A frame after a chain of filters."""
    graph = av.filter.Graph()
    source = _source(graph, frame, rate=25)
    _chain(graph, source, filters)
    graph.configure()
    graph.push(frame)
    return _pulled(graph)


def joined(first: av.VideoFrame, second: av.VideoFrame, filters: Sequence[Filter], steps: int) -> list[av.VideoFrame]:
    """What a filter of two inputs makes of two stills that last a second in `steps` frames."""
    graph = av.filter.Graph()
    sources = [_source(graph, frame, rate=steps) for frame in (first, second)]
    head = graph.add(*filters[0])
    for index, source in enumerate(sources):
        source.link_to(head, 0, index)
    _chain(graph, head, filters[1:])
    graph.configure()
    for source, frame in zip(sources, (first, second), strict=True):
        for step in range(steps + 1):
            frame.pts, frame.time_base = step, Fraction(1, steps)
            source.push(frame)
        source.push(None)
    return [_pulled(graph) for _ in range(steps)]


def _source(graph: av.filter.Graph, frame: av.VideoFrame, rate: int) -> FilterContext:
    colours = "" if frame.format.is_rgb or frame.format.name.startswith("gbr") else ":colorspace=bt709:range=tv"
    size = f"video_size={frame.width}x{frame.height}:pix_fmt={frame.format.name}"
    return graph.add("buffer", f"{size}:time_base=1/{rate}:frame_rate={rate}:pixel_aspect=1/1{colours}")


def _chain(graph: av.filter.Graph, start: FilterContext, filters: Sequence[Filter]) -> None:
    at = start
    for name, arguments in (*filters, ("buffersink", "")):
        following = graph.add(name, arguments)
        at.link_to(following)
        at = following


def _pulled(graph: av.filter.Graph) -> av.VideoFrame:
    frame = graph.pull()
    assert isinstance(frame, av.VideoFrame)
    return frame


def planes_of(frame: av.VideoFrame) -> list[Plane]:
    """Views of the planes of a planar 8-bit frame."""
    return [plane_view(frame, index) for index in range(len(frame.planes))]


def frame_of(planes: Sequence[Plane], pixel_format: str) -> av.VideoFrame:
    """A planar 8-bit frame of copies of the planes; YUV is tagged BT.709, limited range."""
    height, width = planes[0].shape
    frame = av.VideoFrame(width, height, pixel_format)
    if not frame.format.is_rgb:
        tag_bt709(frame)
    for target, plane in zip(planes_of(frame), planes, strict=True):
        np.copyto(target, plane)
    return frame
