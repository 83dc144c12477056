"""Frames in a second: composing alone, and from the source files to the film."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from gpu_tasks.engine.drawlist import Draw
from gpu_tasks.engine.executors import Executor
from gpu_tasks.engine.feeders import Feeders
from gpu_tasks.engine.picture import Picture
from gpu_tasks.engine.render import FrameSource, frame_range, render
from gpu_tasks.media.probe import probe
from gpu_tasks.timeline.lint import parse_render
from gpu_tasks.timeline.plan import Plan
from gpu_tasks.timeline.planner import make_plan

WARM_FRAMES = 10
"""Left out of the rate of composing: the first frames raster stills, upload tables and choose convolutions."""


def plan_of(request: Mapping[str, Any]) -> tuple[Plan, dict[str, Path]]:
    """The plan of a request that names local files, and those files."""
    parsed = parse_render(dict(request), local_sources=True)
    paths = {url: Path(url) for url in parsed.source_urls()}
    return make_plan(parsed, {url: probe(path) for url, path in paths.items()}), paths


class _Held:
    """Feeders that decode one picture of each clip and give it out as a new one for every frame."""

    def __init__(self, feeders: Feeders, held: dict[int, Picture]) -> None:
        self._feeders = feeders
        self._held = held

    def take(self, frame: int, position: int) -> Picture:
        if position not in self._held:
            self._held[position] = self._feeders.take(frame, position)
        picture = self._held[position]
        return replace(picture, key=(picture.key, frame), exclusive=False)


class Composing(FrameSource):
    """Frames whose pictures are where they are composed already: what is left is composing, and the way out."""

    def __init__(self, plan: Plan, paths: Mapping[str, Path], executor: Executor) -> None:
        super().__init__(plan, paths, "yuv420p", executor=executor)
        self._held: dict[int, Picture] = {}

    def _fetch(self, frame: int, feeders: Feeders) -> Callable[[Draw], Picture]:
        return super()._fetch(frame, cast(Feeders, _Held(feeders, self._held)))


def compose_fps(plan: Plan, paths: Mapping[str, Path], executor: Executor, count: int) -> float:
    """Frames composed in a second, out of `count` after the warm ones; each is in the machine's memory when counted."""
    frames = iter(Composing(frame_range(plan, 0, min(count + WARM_FRAMES, plan.canvas.frame_count)), paths, executor))
    for _ in range(WARM_FRAMES):
        next(frames)
    begun = time.perf_counter()
    composed = sum(1 for _ in frames)
    return composed / (time.perf_counter() - begun)


def render_fps(plan: Plan, paths: Mapping[str, Path], output: Path, executor: Executor, count: int) -> float:
    """Frames decoded, composed and encoded in a second, starting and finishing included."""
    part = frame_range(plan, 0, min(count, plan.canvas.frame_count))
    begun = time.perf_counter()
    film = render(part, paths, output, executor=executor)
    return film.frame_count / (time.perf_counter() - begun)
