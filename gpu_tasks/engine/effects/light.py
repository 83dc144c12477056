"""Light from within the picture: bloom around highlights, and flashes."""

from typing import Final

import numpy as np

from gpu_tasks.engine.effects._overlay import haze, light_shape
from gpu_tasks.engine.effects._tone import codes
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.surface import BLACK_Y, NEUTRAL_C, Plane, Surface

WHITE_Y = 235
HALOS: Final = ((9.0, 0.5), (34.0, 0.42))
"""Radius (standard deviation in units) and strength of the bloom's two parts."""
BLOOM_CELL_UNITS = 3
SOFTNESS_UNITS = 2.6
SOFTNESS, BLEED = 0.45, 0.5
"""How much of the luma, and of the colours, is a blurred copy."""

FLASHES_PER_SECOND = 8
LIT_SHARE = 0.5
FLASH, FLASH_HAZE, FLASH_PALLOR = 1.1, 0.12, 0.25
"""How much more light a flash throws, how far it lifts black to white, and how much colour it takes: never all, so
that the picture stays readable."""
DARK = 0.5
"""How far the picture falls to black between flashes."""
_INSTANT_S = 1e-6


@effect("glow", "A dreamy bloom: highlights shine over their surroundings, and everything turns a little softer.")
def glow(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    k, scratch, unit = moment.k, moment.scratch, moment.unit_px
    out = scratch.surface("out", picture)
    out.copy_alpha_from(picture)
    _soften(picture.y, picture.alpha, SOFTNESS * amount, SOFTNESS_UNITS * unit, moment, out.y)
    for plane, target in ((picture.u, out.u), (picture.v, out.v)):
        sigma_px = HALOS[0][0] * unit / picture.subsampling
        _soften(plane, picture.alpha_c, BLEED * amount, sigma_px, moment, target)
    shine = k.lut(
        picture.y, scratch.kept("bright", lambda: k.upload(_brightness())), scratch.plane("shine", out.y.shape)
    )
    bloom = _bloom(shine, amount, light_shape(picture, moment, BLOOM_CELL_UNITS), moment)
    k.enlarge(bloom, (picture.width, picture.height), smooth=True, out=shine)
    k.toward_by(out.y, picture.alpha, WHITE_Y, shine, out.y)
    return out


def _bloom(bright: Plane, amount: float, shape: tuple[int, int], moment: Moment) -> Plane:
    """The halos of what is bright, screened over each other, on a reduced plane."""
    k, scratch = moment.k, moment.scratch
    small = k.shrink(bright, (shape[1], shape[0]), scratch.plane("bright", shape))
    bloom, halo = k.fill(scratch.plane("bloom", shape), 0), scratch.plane("halo", shape)
    for radius, strength in HALOS:
        sigma = radius * moment.unit_px * shape[0] / bright.shape[0]
        k.gaussian(small, sigma, hold_edges=True, out=halo)
        k.toward_by(bloom, None, 255, k.fade(halo, strength * amount, halo), bloom)
    return bloom


def _brightness() -> Plane:
    """How much each luma shines: highlights fully, mid-tones a little, shadows not at all."""
    luma = np.clip((np.arange(256) - BLACK_Y) / (WHITE_Y - BLACK_Y), 0, 1)
    return codes(255 * luma**2.4)


def _soften(plane: Plane, alpha: Plane | None, share: float, sigma_px: float, moment: Moment, out: Plane) -> None:
    """Mix a plane with its blurred copy; with alpha, the copy keeps to it and brings in nothing from beyond."""
    k, scratch = moment.k, moment.scratch
    spread = haze(plane, sigma_px, moment, scratch.plane("spread", plane.shape))
    if alpha is not None:
        coverage = haze(alpha, sigma_px, moment, scratch.plane("coverage", plane.shape))
        k.multiply(k.divide(spread, coverage, spread), alpha, spread)
    k.mix(plane, spread, share, out)


@effect("strobe_light", "Light that flashes eight times a second; photosensitive viewers should be warned of it.",
        animated=True, straight=True)  # fmt: skip
def strobe_light(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    out = moment.scratch.surface("out", picture)
    out.copy_alpha_from(picture)
    if is_lit(moment.time_s):
        return _flashed(picture, amount, moment, out)
    for (plane, _, _), value, target in zip(
        picture.planes(), (BLACK_Y, NEUTRAL_C, NEUTRAL_C), out.planes(), strict=True
    ):
        moment.k.toward(plane, None, value, DARK * amount, target[0])
    return out


def _flashed(picture: Surface, amount: float, moment: Moment, out: Surface) -> Surface:
    """As a lamp beside the camera shows it: lights flare up, shadows keep their depth."""
    k = moment.k
    k.lut(picture.y, moment.scratch.kept(("flash", amount), lambda: k.upload(_flash(amount))), out.y)
    for plane, target in ((picture.u, out.u), (picture.v, out.v)):
        k.toward(plane, None, NEUTRAL_C, FLASH_PALLOR * amount, target)
    return out


def _flash(amount: float) -> Plane:
    """The luma that a flash makes of each luma."""
    luma = np.clip((np.arange(256) - BLACK_Y) / (WHITE_Y - BLACK_Y), 0, 1)
    left = (1 - FLASH_HAZE * amount) * (1 - luma) ** (1 + FLASH * amount)
    return codes(BLACK_Y + (WHITE_Y - BLACK_Y) * (1 - left))


def is_lit(time_s: float) -> bool:
    """Whether the light is on: the first half of every eighth of a second, whatever the frame rate."""
    return ((time_s + _INSTANT_S) * FLASHES_PER_SECOND) % 1 < LIT_SHARE
