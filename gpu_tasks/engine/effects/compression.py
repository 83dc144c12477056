"""Broken video compression: macroblocks that freeze, jump, smear and lose their colours, row by row."""

from typing import Final

import numpy as np

from gpu_tasks.engine.effects._blocks import Box, box_at, coarsen, coarsen_plane, even, replace, smear, stain
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.surface import Surface

BLOCK_UNITS = 16
STEP_S = 0.2
"""How long an error stands, until the next picture that is complete repairs it: frozen blocks look back no further."""
RUNS = 44
RUN_BLOCKS: Final = (3, 28)
KINDS: Final = (("freeze", 0.28), ("shift", 0.60), ("smear", 0.72), ("coarsen", 0.92), ("stain", 1.0))
"""What happens to a run of blocks, up to each share of chances."""
STRENGTHS: Final = (0.55, 1.0)
COARSE_LUMA, COARSE_CHROMA = 0.5, 0.85
"""How much of the whole picture is its own blocks, as at a low bit rate."""
_INSTANT_S = 1e-6


@effect("compression_glitch", "Broken compression: blocks freeze, jump, smear and lose their colours.",
        animated=True, reach_s=STEP_S)  # fmt: skip
def compression_glitch(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    step = int((moment.time_s + _INSTANT_S) / STEP_S)
    random = moment.random("compression", step)
    out = moment.scratch.surface("out", picture)
    out.copy_from(picture)
    _low_bit_rate(out, amount, moment)
    strength = random.uniform(*STRENGTHS) * amount
    frozen = _at_step(picture, step, moment)
    for index in range(RUNS):
        # Runs appear one after the other as the strength grows, each of them gradually.
        opacity = min(max(strength * RUNS - index, 0.0), 1.0)
        _damage(out, picture, frozen, opacity, random, moment)
    return out


def _low_bit_rate(out: Surface, amount: float, moment: Moment) -> None:
    """Blocks everywhere, of colour above all; with alpha the same for all planes, which belong together."""
    cell = max(2, even(BLOCK_UNITS / 2 * moment.unit_px))
    if out.alpha is not None:
        coarsen(moment, out, cell, COARSE_LUMA * amount)
        return
    coarsen_plane(moment, out.y, cell, COARSE_LUMA * amount)
    for plane in (out.u, out.v):
        coarsen_plane(moment, plane, 2 * cell / out.subsampling, COARSE_CHROMA * amount)


def _at_step(picture: Surface, step: int, moment: Moment) -> Surface:
    """The picture as it was when the present errors began."""
    frames = round((moment.time_s - step * STEP_S) * moment.frame_rate)
    return moment.earlier(frames) if frames >= 1 else picture


def _damage(
    out: Surface, picture: Surface, frozen: Surface, opacity: float, random: np.random.Generator, moment: Moment
) -> None:
    """One run of blocks. Draws the same random numbers whether or not it shows."""
    cell = max(2, even(BLOCK_UNITS * moment.unit_px))
    x, y, chance, tint = random.random(4)
    length, rows = random.integers(*RUN_BLOCKS), int(random.choice((1, 2, 3, 4), p=(0.52, 0.28, 0.13, 0.07)))
    jump = random.integers(-12, 13, 2) * cell // 2
    box = box_at(int(x * 1.2 * out.width / cell - length / 4) * cell, int(y * out.height / cell) * cell,
                 length * cell, rows * cell, out)  # fmt: skip
    if box is None or opacity == 0:
        return
    kind = next(name for name, share in KINDS if chance <= share)
    _apply(kind, box, out, picture, frozen, opacity, (even(jump[0]), even(jump[1] / 3)), tint, moment)


def _apply(
    kind: str, box: Box, out: Surface, picture: Surface, frozen: Surface, opacity: float, jump: tuple[int, int],
    tint: float, moment: Moment,
) -> None:  # fmt: skip
    broken = box.of(out)
    if kind == "freeze":
        replace(moment, broken, box.of(frozen), opacity)
    elif kind == "shift":
        replace(moment, broken, box.moved(*jump, picture).of(picture), opacity)
    elif kind == "smear":
        smear(moment, broken, opacity)
    elif kind == "coarsen":
        coarsen(moment, broken, max(2, even(BLOCK_UNITS * moment.unit_px)), opacity)
    else:
        angle = 2 * np.pi * tint
        u, v = round(128 + 80 * float(np.cos(angle))), round(128 + 80 * float(np.sin(angle)))
        coarsen(moment, broken, max(2, even(BLOCK_UNITS * moment.unit_px)), opacity)
        stain(moment, broken, u, v, 0.5 * opacity)
