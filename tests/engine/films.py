"""Whole films for tests: sources whose every pixel is known, and the frames that the engine composes of a request."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.executors import Executor, HostExecutor
from gpu_tasks.engine.render import FrameSource, frame_range
from gpu_tasks.engine.surface import plane_view
from gpu_tasks.media.probe import probe
from gpu_tasks.timeline.lint import parse_render
from gpu_tasks.timeline.plan import Plan
from gpu_tasks.timeline.planner import make_plan
from gpu_tasks.timeline.sources import SourceInfo
from tests.engine.effects.stage import Picture, scene

Planes = list[NDArray[np.uint8]]
"""The planes of one frame: Y, U, V, and alpha (not premultiplied) where the film has it."""


def plan_of(payload: Mapping[str, Any], paths: Mapping[str, Path]) -> Plan:
    """The plan of a payload whose source URLs are keys of `paths`."""
    request = parse_render(payload, local_sources=True)
    return make_plan(request, {url: _facts(paths[url]) for url in request.source_urls()})


@cache
def _facts(path: Path) -> SourceInfo:
    return probe(path)


def frames_of(
    plan: Plan, paths: Mapping[str, Path], pixel_format: str = "yuv420p", executor: Executor | None = None
) -> Iterator[Planes]:
    """Copies of the frames composed on the CPU (or by another executor), in order."""
    for frame in FrameSource(plan, paths, pixel_format, executor=executor or HostExecutor()):
        yield [plane_view(frame, index).copy() for index in range(len(frame.planes))]


def composed(
    payload: Mapping[str, Any], paths: Mapping[str, Path], numbers: Sequence[int] | None = None
) -> list[Planes]:
    """The frames of a request, or only those with the given numbers, each rendered alone."""
    plan = plan_of(payload, paths)
    if numbers is None:
        return list(frames_of(plan, paths))
    return [frame for n in numbers for frame in frames_of(frame_range(plan, n, n + 1), paths)]


def same(first: Planes, second: Planes) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def difference(first: Planes, second: Planes) -> float:
    """The mean absolute difference of all samples, in code values."""
    gaps = [np.abs(a.astype(int) - b.astype(int)).ravel() for a, b in zip(first, second, strict=True)]
    return float(np.concatenate(gaps).mean())


def moving_scene(width: int, height: int, count: int) -> Iterator[Picture]:
    """The scene of the effects' tests drifting to the left, a light square falling through it: no frame is like
    another."""
    wide = scene(width * 2, height)
    side = max(2, height // 6)
    for index in range(count):
        picture = np.roll(wide, -index * 2, axis=1)[:, width // 4 : width // 4 + width].copy()
        top = index * 3 % max(1, height - side)
        picture[top : top + side, width // 2 : width // 2 + side] = (250, 240, 210)
        yield picture


def make_film(path: Path, pictures: Iterator[Picture], frame_rate: int = 30) -> Path:
    """A lossless H.264 clip without sound: what is decoded does not depend on the encoder."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=frame_rate, options={"preset": "ultrafast", "qp": "0"})
        for index, picture in enumerate(pictures):
            if index == 0:
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt, stream.codec_context.gop_size = "yuv420p", 12
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
            frame.pts, frame.time_base = index, Fraction(1, frame_rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
