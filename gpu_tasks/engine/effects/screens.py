"""Pictures as screens of glass show them."""

import math
from typing import Final

import numpy as np

from gpu_tasks.engine.effects._lines import Noise, noisy, slide
from gpu_tasks.engine.effects._overlay import haze
from gpu_tasks.engine.effects._tone import codes
from gpu_tasks.engine.effects._tube import Tube, bulged, darken, lines, pattern
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.surface import BLACK_Y, NEUTRAL_C, Plane, Surface

LINE_UNITS, LINE_DEPTH = 4.0, 0.54
WHITE_Y = 235

MONITOR: Final = Tube(bulge=0.035, corner=0.035, shade=0.5, shade_units=110, line_units=4.0, line_depth=0.5,
                      stripe_units=6.0, stripe_depth=0.38)  # fmt: skip
PHOSPHOR_UNITS, PHOSPHOR = 5.0, 0.3
GAIN, COLOUR_GAIN = 0.24, 0.25
"""What the lines and stripes take is given back: luma away from black, colours away from grey."""

SET: Final = Tube(bulge=0.10, corner=0.11, shade=0.62, shade_units=150, line_units=5.0, line_depth=0.42)
GHOST_UNITS, GHOST = 17.0, 0.2
STATIC, STATIC_UNITS, STATIC_PER_SECOND = 8.5, (3.2, 1.6), 30
BAR_SHARE, BAR_S, BAR_LIGHT = 0.42, 4.2, 0.11
"""The hum bar: its height as a share of the picture's, the time it takes to roll by, and its brightness."""
_INSTANT_S = 1e-6


@effect("scanlines", "Fine dark lines across the picture, as on a screen.")
def scanlines(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    k, scratch = moment.k, moment.scratch
    out = scratch.surface("out", picture)
    out.copy_alpha_from(picture)
    key = (picture.y.shape, picture.subsampling, amount, moment.unit_px)
    masks = scratch.kept(key, lambda: _line_masks(picture, amount, moment))
    for (plane, _, black), alpha, mask, (target, _, _) in zip(
        picture.planes(), picture.alphas(), masks, out.planes(), strict=True
    ):
        k.toward_by(plane, alpha, black, mask, target)
    return out


def _line_masks(picture: Surface, amount: float, moment: Moment) -> tuple[Plane, Plane, Plane]:
    def mask(shape: tuple[int, ...], step: int) -> Plane:
        dark = LINE_DEPTH * amount * lines(shape[0], step, LINE_UNITS * moment.unit_px)
        uploaded: Plane = moment.k.upload(codes(255.0 * np.repeat(dark[:, None], shape[1], axis=1)))
        return uploaded

    luma = mask(picture.y.shape, 1)
    chroma = luma if picture.subsampling == 1 else mask(picture.u.shape, picture.subsampling)
    return luma, chroma, chroma


@effect("crt", "A tube monitor: a slight bulge, scan lines, an aperture grille, glowing phosphor and dark corners.")
def crt(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    out = bulged(picture, MONITOR, amount, moment, "out")
    _phosphor(out, amount, moment)
    _strengthen(moment.k, out, GAIN * amount, COLOUR_GAIN * amount)
    darken(out, pattern(out, MONITOR, amount, moment), moment)
    return out


def _phosphor(picture: Surface, amount: float, moment: Moment) -> None:
    """Screen the picture's own blurred light over it, in place."""
    k, scratch = moment.k, moment.scratch
    glow = haze(picture.y, PHOSPHOR_UNITS * moment.unit_px, moment, scratch.plane("glow", picture.y.shape))
    k.lut(glow, scratch.kept(("phosphor", amount), lambda: k.upload(_phosphor_table(amount))), glow)
    k.toward_by(picture.y, picture.alpha, WHITE_Y, glow, picture.y)


def _phosphor_table(amount: float) -> Plane:
    luma = np.clip((np.arange(256) - BLACK_Y) / (WHITE_Y - BLACK_Y), 0, 1)
    return codes(255 * PHOSPHOR * amount * luma**1.6)


def _strengthen(k: Kernels, picture: Surface, luma: float, colour: float) -> None:
    """Move luma away from black and colours away from grey by shares, in place."""
    for (plane, _, _), alpha, neutral, gain in zip(
        picture.planes(), picture.alphas(), (BLACK_Y, NEUTRAL_C, NEUTRAL_C), (luma, colour, colour), strict=True
    ):
        k.toward(plane, alpha, neutral, -gain, plane)
        if alpha is not None:
            k.darken(plane, alpha, plane)


@effect("television", "An old television set: rounded glass, lines, static, a ghost image and a rolling bar of light.",
        animated=True)  # fmt: skip
def television(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    out = bulged(_ghosted(picture, amount, moment), SET, amount, moment, "out")
    _strengthen(moment.k, out, 0.12 * amount, -0.28 * amount)
    step = int((moment.time_s + _INSTANT_S) * STATIC_PER_SECOND)
    across, down = (units * moment.unit_px for units in STATIC_UNITS)
    noisy(out.y, out.alpha, Noise("static", STATIC * amount, across, down), step, moment)
    _roll_bar(out, amount, moment)
    darken(out, pattern(out, SET, amount, moment), moment)
    return out


def _ghosted(picture: Surface, amount: float, moment: Moment) -> Surface:
    """The picture with its own echo to the right, as by a reflected signal."""
    k, scratch = moment.k, moment.scratch
    out = scratch.surface("ghosted", picture)
    for index, (plane, target) in enumerate(zip(picture.every_plane(), out.every_plane(), strict=True)):
        step = picture.subsampling if index in (1, 2, 4) else 1
        echo = slide(k, plane, GHOST_UNITS * moment.unit_px / step, scratch.plane("echo", plane.shape))
        k.mix(plane, echo, GHOST * amount, target)
    return out


def _roll_bar(out: Surface, amount: float, moment: Moment) -> None:
    """Lighten a soft bar that moves down the picture."""
    k = moment.k
    rows = max(1, round(BAR_SHARE * out.height))
    mask = moment.scratch.kept(("bar", rows, out.width, amount), lambda: k.upload(_bar(rows, out.width, amount)))
    start = round((out.height + rows) * (moment.time_s / BAR_S % 1)) - rows
    band = slice(max(start, 0), min(start + rows, out.height))
    alpha = None if out.alpha is None else out.alpha[band]
    if band.stop > band.start:
        k.toward_by(out.y[band], alpha, WHITE_Y, mask[band.start - start : band.stop - start], out.y[band])


def _bar(rows: int, width: int, amount: float) -> Plane:
    light = np.sin(math.pi * (np.arange(rows) + 0.5) / rows) ** 2
    return codes(255 * BAR_LIGHT * amount * np.repeat(light[:, None], width, axis=1))
