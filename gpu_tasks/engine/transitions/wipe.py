"""Straight wipes: an edge travels across the box and uncovers the incoming picture behind it."""

import math

from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.engine.transitions.base import Crossing, TransitionFunction, transition
from gpu_tasks.engine.transitions.box import copy


def _wipe_plane(k: Kernels, first: Plane, second: Plane, edge: float, out: Plane) -> None:
    """Left of `edge` (in samples) shows `first`, right of it `second`; the sample on the edge mixes by coverage."""
    width = out.shape[1]
    whole = min(max(math.floor(edge), 0), width)
    k.copy(first[:, :whole], out[:, :whole])
    k.copy(second[:, whole:], out[:, whole:])
    share = edge - whole
    if whole < width and share > 0:
        column = (slice(None), slice(whole, whole + 1))
        out[column] = k.mix(second[column], first[column], share)


def _wipe(axis: int, backwards: bool) -> TransitionFunction:
    """`axis` 0 wipes across, 1 down; `backwards` moves the edge towards the origin (left or up)."""

    def wipe(outgoing: Surface, incoming: Surface, progress: float, out: Surface, at: Crossing) -> None:
        if not 0 < progress < 1:
            copy(at.k, outgoing if progress <= 0 else incoming, out)
            return
        box = at.box
        low, high = (box[0], box[2]) if axis == 0 else (box[1], box[3])
        edge = high - (high - low) * progress if backwards else low + (high - low) * progress
        before, after = (outgoing, incoming) if backwards else (incoming, outgoing)
        for first, second, target in zip(before.every_plane(), after.every_plane(), out.every_plane(), strict=True):
            step = out.subsampling if target.shape != out.y.shape else 1
            if axis == 0:
                _wipe_plane(at.k, first, second, edge / step, target)
            else:
                _wipe_plane(at.k, first.T, second.T, edge / step, target.T)

    return wipe


for _name, _axis, _backwards in (
    ("wipe_left", 0, True),
    ("wipe_right", 0, False),
    ("wipe_up", 1, True),
    ("wipe_down", 1, False),
):
    transition(_name, f"A straight edge moves {_name[5:]} and uncovers the incoming picture.")(_wipe(_axis, _backwards))
