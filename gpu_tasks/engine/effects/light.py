"""Light from within the picture: bloom around highlights, and flashes."""

from typing import Final

import numpy as np

from gpu_tasks.engine.effects._overlay import codes
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.surface import BLACK_Y, NEUTRAL_C, Plane, Surface

WHITE_Y = 235
HALOS: Final = ((9.0, 0.5), (34.0, 0.42))
"""Radius (standard deviation in units) and strength of the bloom's two parts."""
SOFTNESS_UNITS = 2.6
SOFTNESS = 0.45
"""How much of the picture is its own blurred copy."""

FLASHES_PER_SECOND = 8
LIT_SHARE = 0.5
FLASH = 0.5
"""How far a flash lifts the picture to white: never all the way, so that the picture stays readable."""
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
    spread = scratch.plane("spread", picture.y.shape)
    k.gaussian(picture.y, SOFTNESS_UNITS * unit, hold_edges=picture.is_opaque, out=spread)
    k.mix(picture.y, _within(k, spread, picture.alpha), SOFTNESS * amount, out.y)
    bright = k.lut(picture.y, scratch.kept("bright", lambda: k.upload(_brightness())), scratch.plane("b", out.y.shape))
    for radius, strength in HALOS:
        k.gaussian(bright, radius * unit, hold_edges=True, out=spread)
        k.toward_by(out.y, picture.alpha, WHITE_Y, k.fade(spread, strength * amount, spread), out.y)
    for plane, alpha, target in ((picture.u, picture.alpha_c, out.u), (picture.v, picture.alpha_c, out.v)):
        _bleed(plane, alpha, amount, HALOS[0][0] * unit / picture.subsampling, moment, target)
    _within(k, out.y, picture.alpha)
    return out


def _brightness() -> Plane:
    """How much each luma shines: highlights fully, mid-tones a little, shadows not at all."""
    luma = np.clip((np.arange(256) - BLACK_Y) / (WHITE_Y - BLACK_Y), 0, 1)
    return codes(255 * luma**2.4)


def _within(k: Kernels, plane: Plane, alpha: Plane | None) -> Plane:
    """Nothing shines where the picture is not: a premultiplied plane, held below its alpha."""
    return plane if alpha is None else k.darken(plane, alpha, plane)


def _bleed(plane: Plane, alpha: Plane | None, amount: float, sigma_px: float, moment: Moment, out: Plane) -> None:
    """Mix a chroma plane with its blurred copy, which keeps to the plane's own alpha."""
    k, scratch = moment.k, moment.scratch
    spread = k.gaussian(plane, sigma_px, hold_edges=True, out=scratch.plane("spread-c", plane.shape))
    if alpha is not None:
        coverage = k.gaussian(alpha, sigma_px, hold_edges=True, out=scratch.plane("coverage", plane.shape))
        k.multiply(k.divide(spread, coverage, spread), alpha, spread)
    k.mix(plane, spread, 0.5 * amount, out)


@effect("strobe_light", "Light that flashes eight times a second; photosensitive viewers should be warned of it.",
        animated=True, straight=True)  # fmt: skip
def strobe_light(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    out = moment.scratch.surface("out", picture)
    out.copy_alpha_from(picture)
    lit = is_lit(moment.time_s)
    share = amount * (FLASH if lit else DARK)
    for (plane, _, _), value, target in zip(
        picture.planes(), (WHITE_Y if lit else BLACK_Y, NEUTRAL_C, NEUTRAL_C), (out.y, out.u, out.v), strict=True
    ):
        moment.k.toward(plane, None, value, share, target)
    return out


def is_lit(time_s: float) -> bool:
    """Whether the light is on: the first half of every eighth of a second, whatever the frame rate."""
    return ((time_s + _INSTANT_S) * FLASHES_PER_SECOND) % 1 < LIT_SHARE
