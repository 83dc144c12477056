"""A strong digital glitch: torn lines, parted colours and displaced blocks, in bursts of a twelfth of a second."""

from itertools import pairwise
from typing import Final

import numpy as np

from gpu_tasks.engine.effects._blocks import box_at, coarsen, even, replace, stain
from gpu_tasks.engine.effects._lines import Slip, slide, slipped
from gpu_tasks.engine.effects._separation import recombined
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.surface import Surface

STEPS_PER_SECOND = 12
BURSTS: Final = ((0.5, 1.0), (0.8, 0.55), (1.0, 0.2))
"""How strong a step is: up to each share of chances, the strength."""
TEARS, TEAR_UNITS = (7, 15), 110.0
CALM_SHARE = 0.45
"""So many of the strips between tears stay in place."""
SPLIT_UNITS: Final = (7.0, 24.0)
BLOCKS, BLOCK_UNITS = 9, 20.0
LINES, LINE_UNITS = 5, (2.0, 6.0)
STAINS: Final = ((90, 240), (240, 90), (30, 60), (200, 20))
"""U and V of the colours that broken blocks take on."""
WHITE_Y = 235
_INSTANT_S = 1e-6


@effect("glitch", "A strong digital glitch: lines tear, colours part and blocks jump, in short bursts.", animated=True)
def glitch(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    random = moment.random("glitch", int((moment.time_s + _INSTANT_S) * STEPS_PER_SECOND))
    strength = _burst(random.random()) * amount
    torn = moment.scratch.surface("torn", picture)
    slipped(moment.k, picture, _tears(picture, strength, random, moment), torn)
    out = _parted(torn, strength, random, moment)
    _break_blocks(out, torn, strength, random, moment)
    _flash_lines(out, strength, random, moment)
    return out


def _burst(chance: float) -> float:
    return next(strength for share, strength in BURSTS if chance <= share)


def _tears(picture: Surface, strength: float, random: np.random.Generator, moment: Moment) -> list[Slip]:
    """Strips of lines; some of them slip, most a little and a few far."""
    cuts = np.sort(random.random(int(random.integers(*TEARS))))
    calm, far = random.random(len(cuts)) < CALM_SHARE, random.standard_normal(len(cuts))
    units = np.where(calm, 0, 0.6 * far * np.abs(far) * TEAR_UNITS)
    rows = [0, *(min(even(cut * picture.height), picture.height) for cut in cuts), picture.height]
    slips = []
    for (top, bottom), reach in zip(pairwise(rows), (0, *units), strict=True):
        if bottom > top:
            slips.append(Slip(top, bottom, round(reach * moment.unit_px * strength * 4) / 4))
    return slips


def _parted(torn: Surface, strength: float, random: np.random.Generator, moment: Moment) -> Surface:
    """Red pulled one way and blue the other."""
    units = random.uniform(*SPLIT_UNITS) * (1 if random.random() < 0.5 else -1)
    shift = units * moment.unit_px * strength
    red, blue = (_shifted(torn, name, way * shift, moment) for name, way in (("red", -1), ("blue", 1)))
    return recombined(moment, torn, red, blue, moment.scratch.surface("out", torn))


def _shifted(picture: Surface, name: str, shift_px: float, moment: Moment) -> Surface:
    out = moment.scratch.surface(name, picture)
    for index, (plane, target) in enumerate(zip(picture.every_plane(), out.every_plane(), strict=True)):
        slide(moment.k, plane, shift_px / (picture.subsampling if index in (1, 2, 4) else 1), target)
    return out


def _break_blocks(out: Surface, torn: Surface, strength: float, random: np.random.Generator, moment: Moment) -> None:
    """Blocks that show another place, in part coarser or stained."""
    cell = BLOCK_UNITS * moment.unit_px
    for index in range(BLOCKS):
        x, y, far, kind = random.random(4)
        width, height = random.integers(2, 16) * cell, random.integers(1, 4) * cell
        opacity = min(max(strength * BLOCKS - index, 0.0), 1.0)
        box = box_at(x * out.width - width / 2, y * out.height, width, height, out)
        if box is None or opacity == 0:
            continue
        place, broken = box.moved(even((far - 0.5) * out.width * 0.6), even(8 * cell * (kind - 0.5)), torn), box.of(out)
        replace(moment, broken, place.of(torn), opacity)
        if kind > 0.7:
            stain(moment, broken, *STAINS[index % len(STAINS)], 0.75 * opacity)
        elif kind < 0.3:
            coarsen(moment, broken, max(2, even(cell)), opacity)


def _flash_lines(out: Surface, strength: float, random: np.random.Generator, moment: Moment) -> None:
    """Thin bright dashes."""
    for _ in range(LINES):
        x, y, length = random.random(3)
        thickness, light = random.uniform(*LINE_UNITS) * moment.unit_px, random.uniform(0.2, 0.7)
        box = box_at(x * out.width, y * out.height, length * 0.5 * out.width, thickness, out)
        if box is not None:
            dash = box.of(out)
            moment.k.toward(dash.y, dash.alpha, WHITE_Y, light * strength, dash.y)
