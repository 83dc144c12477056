"""Dissolves and straight wipes against FFmpeg's `xfade`, which knows 4:4:4 alone."""

from collections.abc import Iterator

import numpy as np

from benchmarks.verify.finding import Finding, Size, alike
from benchmarks.verify.graph import frame_of, joined, planes_of
from benchmarks.verify.pictures import natural, surface_of
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Plane, Surface, blank
from gpu_tasks.engine.transitions import TRANSITIONS, Crossing

STEPS = 8
COUNTERPARTS = {
    "cross_dissolve": "fade",
    "wipe_left": "wipeleft",
    "wipe_right": "wiperight",
    "wipe_up": "wipeup",
    "wipe_down": "wipedown",
}
"""Our transitions that `xfade` has, too, look and pace alike."""


def findings(size: Size) -> Iterator[Finding]:
    # The edges of wipes fall between samples at every step: `xfade` knows no others.
    size = (size[0] // STEPS * STEPS, size[1] // STEPS * STEPS)
    first, second = surface_of(natural(size, 1), 1), surface_of(natural(size, 2), 1)
    frames = [frame_of(surface.every_plane(), "yuv444p") for surface in (first, second)]
    for name, theirs in COUNTERPARTS.items():
        made = joined(frames[0], frames[1], [("xfade", f"transition={theirs}:duration=1:offset=0")], STEPS)
        ours: list[Plane] = []
        others: list[Plane] = []
        for step, frame in enumerate(made):
            ours += _without_edge(name, step, _joined(name, first, second, step / STEPS).every_plane())
            others += _without_edge(name, step, planes_of(frame))
        yield alike(name, f"FFmpeg xfade={theirs}", ours, others)


def _without_edge(name: str, step: int, planes: list[Plane]) -> list[Plane]:
    """Planes without the line on a wipe's edge: `xfade` shows the outgoing picture there, even at the end."""
    axis = {"wipe_left": 1, "wipe_right": 1, "wipe_up": 0, "wipe_down": 0}.get(name)
    if axis is None:
        return planes
    gone = step if name in ("wipe_right", "wipe_down") else STEPS - step
    edges = [plane.shape[axis] * gone // STEPS for plane in planes]
    return [_without(plane, axis, edge) for plane, edge in zip(planes, edges, strict=True)]


def _without(plane: Plane, axis: int, edge: int) -> Plane:
    return np.delete(plane, [line for line in (edge - 1, edge) if 0 <= line < plane.shape[axis]], axis)


def _joined(name: str, first: Surface, second: Surface, progress: float) -> Surface:
    out = blank(first.width, first.height, first.subsampling, alpha=False)
    crossing = Crossing(cpu, Scratch(cpu), (0, 0, first.width, first.height))
    TRANSITIONS[name].join(first, second, progress, out, crossing)
    return out
