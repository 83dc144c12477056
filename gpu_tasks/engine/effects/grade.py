"""Grades of the darkroom: toned, split, cross-processed, unbleached, negative."""

from typing import Final

import numpy as np

from gpu_tasks.engine.effects._lens import Vignette, masks_of, shaded
from gpu_tasks.engine.effects._palette import Stops, rgb_of, toned
from gpu_tasks.engine.effects._tone import (
    CHROMA,
    CODES,
    LUMA,
    Grade,
    Points,
    Tables,
    Values,
    by_tables,
    chroma_table,
    codes,
    curve,
    graded,
    luma_table,
    uploaded,
)
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.kernels.colour import KB, KG, KR
from gpu_tasks.engine.surface import Plane, Surface

SEPIA: Final = (1.351, 1.165, 0.86)
"""What the sepia matrix makes of a grey of 1, in proportion; a shade redder than the customary sums of its rows."""
SEPIA_VIGNETTE: Final = Vignette(inner=0.6, outer=1.6, depth=0.58)
_PRINT: Points = ((0, 0.025), (0.25, 0.23), (0.5, 0.5), (0.75, 0.75), (1.0, 0.88))

INDIGO_TO_CORAL: Final[Stops] = ((0.0, "#140a42"), (0.5, "#a93f78"), (1.0, "#ffb999"))
"""By way of magenta: the straight line between the two inks would pass through a dull mauve."""
_DUOTONE_CONTRAST: Points = ((0, 0), (0.25, 0.25), (0.5, 0.6), (0.75, 0.86), (1, 1))

CROSS_PROCESS: Final = Grade(
    red=((0, 0), (0.25, 0.16), (0.5, 0.53), (0.75, 0.85), (1, 0.98)),
    green=((0, 0.01), (0.25, 0.2), (0.5, 0.57), (0.75, 0.89), (1, 1)),
    blue=((0, 0.16), (0.25, 0.29), (0.5, 0.48), (0.75, 0.68), (1, 0.81)),
    saturation=((0, 0.9), (0.5, 1.08), (1, 0.85)),
)


@effect("sepia", "A toned print: warm browns from deep umber to cream, with darker corners.", straight=True)
def sepia(picture: Surface, amount: float, moment: Moment) -> Surface:
    tables = moment.scratch.kept(("sepia", amount), lambda: uploaded(toned(sepia_colours(), amount), moment))
    brown = by_tables(picture, moment, tables, "brown")
    return shaded(brown, moment, masks_of(picture, moment, SEPIA_VIGNETTE, amount))


def sepia_colours() -> Values:
    """R'G'B' of each luma code: a print's grey in the proportions of the sepia matrix, its luma kept."""
    gains = np.array(SEPIA) / np.dot(SEPIA, (KR, KG, KB))
    return np.asarray(np.clip(curve(_PRINT, LUMA)[:, None] * gains[None, :], 0, 1))


@effect("duotone", "Two inks: deep indigo shadows, warm coral lights.", straight=True)
def duotone(picture: Surface, amount: float, moment: Moment) -> Surface:
    def make() -> Tables:
        return uploaded(toned(rgb_of(INDIGO_TO_CORAL, curve(_DUOTONE_CONTRAST, LUMA)), amount), moment)

    return by_tables(picture, moment, moment.scratch.kept(("duotone", amount), make), "duotone")


@effect(
    "cross_process", "Slide film in the wrong bath: yellow-green lights, blue shadows, hard contrast.", straight=True
)
def cross_process(picture: Surface, amount: float, moment: Moment) -> Surface:
    return graded(picture, moment, CROSS_PROCESS, amount)


@effect("bleach_bypass", "Silver left in the film: muted colours under a hard, metallic contrast.", straight=True)
def bleach_bypass(picture: Surface, amount: float, moment: Moment) -> Surface:
    tables = moment.scratch.kept(("silver", amount), lambda: uploaded(silver(amount), moment))
    return by_tables(picture, moment, tables, "silver")


def silver(amount: float) -> Tables:
    """The picture's own grey laid over it by the overlay blend (W3C Compositing 1, 10.2), as functions of luma.

    For a grey below a half that doubles every colour times the grey, above it the same of the negatives; so luma and
    colour differences are scaled alike.
    """
    dark = LUMA < 0.5
    overlaid = np.where(dark, 2 * LUMA**2, 1 - 2 * (1 - LUMA) ** 2)
    keep = np.where(dark, 2 * LUMA, 2 * (1 - LUMA))
    luma = 0.3 * LUMA + 0.7 * overlaid
    saturation = 0.45 * (0.3 + 0.7 * keep)
    chroma = saturation[:, None] * CHROMA[None, :]
    return Tables(luma_table(luma, amount), chroma_table(chroma + 0.008, amount), chroma_table(chroma - 0.006, amount))


@effect("invert", "A negative: every colour becomes its opposite.", straight=True)
def invert(picture: Surface, amount: float, moment: Moment) -> Surface:
    k = moment.k
    luma, chroma = moment.scratch.kept(("negative", amount), lambda: tuple(map(k.upload, negative(amount))))
    out = moment.scratch.surface("negative", picture, alpha=False)
    k.lut(picture.y, luma, out.y)
    k.lut(picture.u, chroma, out.u)
    k.lut(picture.v, chroma, out.v)
    return Surface(out.y, out.u, out.v, out.subsampling, picture.alpha, picture.alpha_c)


def negative(amount: float) -> tuple[Plane, Plane]:
    """255 − R', G', B' in code values: luma about the middle of 16-235, chroma about 128."""
    return codes(CODES + amount * (251 - 2 * CODES)), codes(CODES + amount * (256 - 2 * CODES))
