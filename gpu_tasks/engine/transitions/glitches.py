"""Transitions by faults: torn blocks, colours out of register."""

from typing import Final

import numpy as np

from gpu_tasks.engine.surface import NEUTRAL_C, Plane, Surface
from gpu_tasks.engine.transitions.base import transition
from gpu_tasks.engine.transitions.blending import smooth
from gpu_tasks.engine.transitions.box import Box, copy, in_box

_STEPS: Final = 24
"""New faults come so many times during the transition."""
_GRID: Final = 18
"""Blocks are laid out in so many rows of the box."""


@transition("glitch_memories", "Blocks of both pictures tear loose and flicker while the colours slip out of register.")
@in_box
def glitch_memories(outgoing: Surface, incoming: Surface, progress: float, out: Surface, box: Box) -> None:
    step = min(int(progress * _STEPS), _STEPS - 1)
    # Faults begin and end at nothing, whatever a step may bring.
    strength = smooth(progress / 0.25) * smooth((1 - progress) / 0.25)
    random = box.random(step + 1)
    mostly_new = random.random() < smooth((progress - 0.15) / 0.7)
    ground, other = (incoming, outgoing) if mostly_new else (outgoing, incoming)
    torn = box.surface("torn")
    copy(box.k, ground, torn)
    for _ in range(round(26 * strength)):
        _tear(box, other if random.random() < 0.6 else ground, random, strength, torn)
    _slip(box, torn, 22 * box.unit_px * strength * random.uniform(0.5, 1), out)


def _tear(box: Box, source: Surface, random: np.random.Generator, strength: float, out: Surface) -> None:
    """Copy a block of `source` to a place beside its own."""
    cell_px = max(2.0, min(box.width, box.height) / _GRID)
    width = _even(cell_px * random.choice([2, 3, 5, 9, 16]), box.width)
    height = _even(cell_px * random.choice([0.5, 1, 1, 2, 3]), box.height)
    left = _even(random.uniform(0, max(box.width - width, 0)), box.width - width)
    top = _even(random.uniform(0, max(box.height - height, 0)), box.height - height)
    shift = random.normal(0, 0.09) * strength * box.width
    from_left = _even(min(max(left + shift, 0), box.width - width), box.width - width)
    block = source.crop(from_left, top, from_left + width, top + height)
    copy(box.k, block, out.crop(left, top, left + width, top + height))


def _even(value: float, limit: int) -> int:
    """Down to a whole chroma sample, at most `limit`."""
    return max(0, min(int(value), limit) // 2 * 2)


def _slip(box: Box, source: Surface, distance_px: float, out: Surface) -> None:
    """Blue slips to the left and red to the right; luma and alpha stay."""
    shift = int(distance_px / box.subsampling)
    copy(box.k, source, out)
    for plane, target, offset in ((source.u, out.u, -shift), (source.v, out.v, shift)):
        _moved(box, plane, offset, target)
        if source.alpha_c is not None:
            _kept_under(box, plane, source.alpha_c, offset, target)


def _kept_under(box: Box, plane: Plane, alpha: Plane, offset: int, out: Plane) -> None:
    """Colour that slipped brought the offset of premultiplied chroma along: give it that of where it lies now."""
    moved_alpha, slipped = (box.masks(name)[1] for name in ("moved alpha", "slipped"))
    box.k.copy(alpha, moved_alpha)
    _moved(box, alpha, offset, moved_alpha)
    box.k.weigh((out, alpha, moved_alpha), (1, NEUTRAL_C / 255, -NEUTRAL_C / 255), 0, slipped)
    # Where nothing is, no colour may appear.
    box.k.mix_by(plane, slipped, alpha, out)


def _moved(box: Box, plane: Plane, offset: int, out: Plane) -> None:
    """The plane `offset` samples further right, its edge left in place."""
    width = plane.shape[1]
    offset = max(-width, min(offset, width))
    if offset > 0:
        box.k.copy(plane[:, : width - offset], out[:, offset:])
    elif offset < 0:
        box.k.copy(plane[:, -offset:], out[:, : width + offset])
