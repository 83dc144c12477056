"""Dissolves under a moving lens: swirl, ripples, waves."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.surface import Surface
from gpu_tasks.engine.transitions.base import transition
from gpu_tasks.engine.transitions.blending import WHITE, dissolve, smooth, toward
from gpu_tasks.engine.transitions.box import Box, copy, in_box
from gpu_tasks.engine.transitions.reveal import Grid, Raster, mix_by, times_of, turned

_CELL_PX: Final = 8.0
"""Offsets are worked out on a grid of this many unit pixels, and interpolated."""

Offsets = tuple[NDArray[np.float32], NDArray[np.float32]]


def _lens(box: Box) -> Raster:
    """The centres of the cells of the grid of offsets."""
    cell_px = max(1.0, _CELL_PX * box.unit_px)
    columns, rows = math.ceil(box.width / cell_px), math.ceil(box.height / cell_px)
    x = (np.arange(columns, dtype=np.float32) + 0.5) * (box.width / columns) - box.width / 2
    y = (np.arange(rows, dtype=np.float32) + 0.5) * (box.height / rows) - box.height / 2
    return Raster(x[None, :], y[:, None], box.width / 2, box.height / 2)


def _warp(box: Box, source: Surface, offsets: Offsets, out: Surface) -> Surface:
    """Every pixel shows `source` at its own offset (dx, dy in pixels)."""
    memory = box.kept("field", lambda: [None])
    memory[0] = box.k.field(*offsets, (box.width, box.height), box.subsampling, memory[0])
    return box.k.displace(source, memory[0], out)


def _mirrored(at: Raster, x: Grid, y: Grid) -> Offsets:
    """Offsets to the points (x, y), folded back into the box where they lie outside: edges are mirrors."""
    across = _folded(x, at.half_width) - at.x
    down = _folded(y, at.half_height) - at.y
    return across.astype(np.float32), down.astype(np.float32)


def _folded(value: Grid, half: float) -> Grid:
    inside = np.abs(np.mod(value + half, 4 * half) - 2 * half)
    return np.asarray(half - inside, np.float32)


_TWIST: Final = 4.2
_TURNED_AT: Final = 0.62


@transition("swirl", "The outgoing picture winds up around its centre, the incoming one unwinds out of it.")
@in_box
def swirl(outgoing: Surface, incoming: Surface, progress: float, out: Surface, box: Box) -> None:
    """Both turn the same way. Each is wound with the square of the time, so that it starts and ends at rest."""
    amount = smooth((progress - 1 + _TURNED_AT) / (2 * _TURNED_AT - 1))
    wound = _TWIST * (progress / _TURNED_AT) ** 2
    unwound = -_TWIST * ((1 - progress) / _TURNED_AT) ** 2
    first, second = outgoing, incoming
    if amount < 1:
        first = _warp(box, outgoing, _twist(box, wound), box.surface("winding"))
    if amount > 0:
        second = _warp(box, incoming, _twist(box, unwound), box.surface("unwinding"))
    dissolve(box, first, second, amount, out)


def _twist(box: Box, angle: float) -> Offsets:
    """The centre turns by `angle` radians, the corners not at all."""
    at = _lens(box)
    turn = angle * (1 - np.hypot(at.x, at.y) / at.reach_px) ** 2
    cos, sin = np.cos(turn), np.sin(turn)
    return _mirrored(at, at.x * cos - at.y * sin, at.x * sin + at.y * cos)


@transition("dreamy", "The pictures melt into each other in soft, glowing waves.")
@in_box
def dreamy(outgoing: Surface, incoming: Surface, progress: float, out: Surface, box: Box) -> None:
    """Both are mixed first and warped together: warping is linear, and once is cheaper than twice."""
    depth = math.sin(math.pi * progress) ** 2
    mixed = dissolve(box, outgoing, incoming, smooth((progress - 0.1) / 0.8), box.surface("mixed"))
    waving = _warp(box, mixed, _waves(box, progress, 30 * box.unit_px * depth), box.surface("waving"))
    blurred = mixed
    for index, (plane, target) in enumerate(zip(waving.every_plane(), blurred.every_plane(), strict=True)):
        sigma_px = 16 * box.unit_px / (box.subsampling if index in (1, 2, 4) else 1)
        box.k.gaussian(plane, sigma_px, hold_edges=True, out=target)
    glowing = dissolve(box, waving, blurred, 0.5 * depth, box.surface("glowing"))
    copy(box.k, toward(box, glowing, WHITE, 0.12 * depth, mixed), out)


def _waves(box: Box, progress: float, height_px: float) -> Offsets:
    at = _lens(box)
    x, y = at.x / (720 * at.unit_px), at.y / (720 * at.unit_px)
    down = height_px * np.sin(2 * np.pi * (1.3 * x - 1.2 * progress) + 1.5 * np.sin(4 * y))
    across = 0.7 * height_px * np.sin(2 * np.pi * (1.1 * y + 0.8 * progress))
    return _mirrored(at, at.x + across, at.y + down)


_DROP_SOFTNESS: Final = 0.2


@transition("water_drop", "A drop falls on the picture, and its ripples carry the incoming one outwards.")
@in_box
def water_drop(outgoing: Surface, incoming: Surface, progress: float, out: Surface, box: Box) -> None:
    times = times_of(box, "drop", lambda at, _: np.hypot(at.x, at.y) / at.reach_px, _DROP_SOFTNESS)
    mixed = box.surface("mixed")
    mix_by(box, outgoing, incoming, turned(box, times, progress), mixed)
    at = _lens(box)
    height, slope = _ripples(at, progress)
    radius = np.maximum(np.hypot(at.x, at.y), 1e-3)
    offsets = _mirrored(at, at.x * (1 + height / radius), at.y * (1 + height / radius))
    _warp(box, mixed, offsets, out)
    _shine(box, slope * (-0.55 * at.x - 0.83 * at.y) / radius, out, mixed)


def _ripples(at: Raster, progress: float) -> tuple[Grid, Grid]:
    """A train of waves behind a round front: radial offsets in pixels, and slopes within ±1."""
    unit_px, radius = at.unit_px, np.hypot(at.x, at.y)
    front_px = at.reach_px * (progress * (1 + _DROP_SOFTNESS) - _DROP_SOFTNESS / 2)
    behind = (front_px - radius) / unit_px
    envelope = np.where(behind < 0, np.exp(-((behind / 60) ** 2)), np.exp(-np.maximum(behind, 0) / 260))
    # The first moments bring the waves up, the last calm them.
    strength = smooth(progress / 0.12) * smooth((1 - progress) / 0.45)
    phase = 2 * np.pi * behind / 95
    height = 15 * unit_px * strength * envelope * np.sin(phase)
    return height.astype(np.float32), (strength * envelope * np.cos(phase)).astype(np.float32)


def _shine(box: Box, slope: Grid, out: Surface, spare: Surface) -> None:
    """Light from above on what faces it, shade on what does not; luma only, as water has no colour."""
    lit, shaded = box.masks("lit")[0], box.masks("shaded")[0]
    for mask, share in ((lit, 0.42 * slope), (shaded, -0.3 * slope)):
        coarse = box.k.upload(np.rint(np.clip(share, 0, 1) * 255).astype(np.uint8))
        box.k.enlarge(coarse, (box.width, box.height), smooth=True, out=mask)
    box.k.toward_by(out.y, out.alpha, 235, lit, spare.y)
    box.k.toward_by(spare.y, out.alpha, 16, shaded, out.y)
