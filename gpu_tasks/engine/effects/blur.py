"""Blurs: the plain box, and a camera's lens out of focus."""

import math

import numpy as np

from gpu_tasks.engine.effects._planes import luma_and_chroma, together
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.kernels import Size
from gpu_tasks.engine.surface import NEUTRAL_C, Plane, Surface

BOX_UNITS, LENS_UNITS = 20.0, 17.0
"""Radii at full strength."""
LIGHT_GAIN, COLOUR_GAIN, EARLY_GAIN = 14.0, 12.0, 2.0
"""How much brighter than white, and how much more colourful, small lights are than what was recorded of them; part of
the latter gain comes before the blur, where it loses less to rounding."""
FOCUS_CENTRE, FOCUS_RADII, FOCUS_RIM = (0.5, 0.55), (0.36, 0.5), (0.72, 1.35)
"""The oval that stays sharp: shares of the picture, of its shorter side, and where its rim begins and ends."""


@effect("box_blur", "A plain, even blur.")
def box_blur(picture: Surface, amount: float, moment: Moment) -> Surface:
    """The mean over a square of 2r + 1 samples, FFmpeg's `boxblur` of power 1; between whole radii it mixes."""
    if amount <= 0:
        return picture
    out = moment.scratch.surface("out", picture)
    for step, (plane, target) in together(picture, out):
        _box(plane, BOX_UNITS * moment.unit_px * amount / step, moment, picture.is_opaque, target)
    return out


def _box(plane: Plane, radius_px: float, moment: Moment, hold_edges: bool, out: Plane) -> None:
    k = moment.k
    smaller = math.floor(radius_px)
    share = radius_px - smaller
    if smaller:
        k.box(plane, smaller, smaller, hold_edges=hold_edges, out=out)
    else:
        k.copy(plane, out)
    if share > 1e-6:
        wider = moment.scratch.plane("wider", plane.shape)
        k.box(plane, smaller + 1, smaller + 1, hold_edges=hold_edges, out=wider)
        k.mix(out, wider, share, out)


@effect("camera_lens_blur", "Out of focus as by a fast lens: lights become glowing discs.")
def camera_lens_blur(picture: Surface, amount: float, moment: Moment) -> Surface:
    return picture if amount <= 0 else _bokeh(picture, amount, moment)


@effect("camera_lens_blur_bg", "The background out of focus as by a fast lens; the middle of the picture stays sharp.")
def camera_lens_blur_bg(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    blurred = _bokeh(picture, amount, moment)
    luma, chroma = luma_and_chroma(moment, picture, "focus", _focus)
    for index, (_, (plane, sharp)) in enumerate(together(blurred, picture)):
        moment.k.mix_by(plane, sharp, chroma if index in (1, 2, 4) else luma, plane)
    return blurred


def _focus(size: Size, step: int) -> Plane:
    """255 where the picture stays sharp: an upright oval, as a person is framed, with a wide soft rim."""
    width, height = size
    x = (np.arange(width) + 0.5 - width * FOCUS_CENTRE[0]) / (min(width, height) * FOCUS_RADII[0])
    y = (np.arange(height) + 0.5 - height * FOCUS_CENTRE[1]) / (min(1.5 * width, height) * FOCUS_RADII[1])
    distance = np.hypot(x[None, :], y[:, None])
    t = np.clip((FOCUS_RIM[1] - distance) / (FOCUS_RIM[1] - FOCUS_RIM[0]), 0, 1)
    return np.rint(255 * t * t * (3 - 2 * t)).astype(np.uint8)


def _bokeh(picture: Surface, amount: float, moment: Moment) -> Surface:
    """Every plane blurred by a disc, and small lights brightened as a film would that sees more than white."""
    k, scratch = moment.k, moment.scratch
    radius_px, opaque = LENS_UNITS * moment.unit_px * amount, picture.is_opaque
    out = scratch.surface("out of focus", picture)
    for step, (plane, target) in together(picture, out):
        k.disc(plane, radius_px / step, hold_edges=opaque, out=target)
    lights = _lights(picture, out, amount, moment)
    _colour_lights(picture, out, lights, radius_px, moment)
    discs = k.disc(lights, radius_px, hold_edges=opaque, out=scratch.plane("discs", picture.y.shape))
    k.lut(discs, scratch.kept("exposed", lambda: k.upload(_exposed_table())), discs)
    k.toward_by(out.y, out.alpha, 235, discs, out.y)
    return out


def _lights(picture: Surface, blurred: Surface, amount: float, moment: Moment) -> Plane:
    """0-255: how much of a light every pixel is, bright in itself and brighter than what is around it."""
    k, scratch = moment.k, moment.scratch
    stands_out, bright = scratch.kept(("lights", amount), lambda: tuple(k.upload(t) for t in _light_tables(amount)))
    lights = k.subtract(picture.y, blurred.y, scratch.plane("lights", picture.y.shape))
    k.lut(lights, stands_out, lights)
    return k.multiply(lights, k.lut(picture.y, bright, scratch.plane("bright", picture.y.shape)), lights)


def _light_tables(amount: float) -> tuple[Plane, Plane]:
    codes = np.arange(256)
    stands_out = np.clip((codes - 85) / 90, 0, 1) * amount
    bright = np.clip((codes - 70) / 110, 0, 1)
    return np.rint(255 * stands_out).astype(np.uint8), np.rint(255 * bright).astype(np.uint8)


def _exposed_table() -> Plane:
    """More light than white saturates softly."""
    exposed = 1 - np.exp(-LIGHT_GAIN * np.arange(256) / 255)
    return np.asarray(np.rint(255 * exposed), np.uint8)


def _colour_lights(picture: Surface, out: Surface, lights: Plane, radius_px: float, moment: Moment) -> None:
    """Add to the blurred chroma, in place, what the lights' own colour has in excess."""
    k, scratch = moment.k, moment.scratch
    elsewhere, colour = (scratch.plane(name, picture.u.shape) for name in ("elsewhere", "colour"))
    k.invert(lights if picture.subsampling == 1 else k.subsample(lights, elsewhere), elsewhere)
    for plane, target in ((picture.u, out.u), (picture.v, out.v)):
        # Lights know their alpha; where there are none, this is grey to the last digit, however much it is amplified.
        straight = plane if picture.alpha_c is None else k.divide(plane, picture.alpha_c, colour)
        k.toward_by(straight, None, NEUTRAL_C, elsewhere, colour)
        _add_chroma(colour, colour, EARLY_GAIN - 1, moment)
        _spread(colour, radius_px / picture.subsampling, moment)
        _add_chroma(target, colour, COLOUR_GAIN / EARLY_GAIN, moment)


def _spread(plane: Plane, radius_px: float, moment: Moment) -> None:
    """A disc blur, in place, at half the size, which is enough for colours."""
    k, (height, width) = moment.k, plane.shape
    size = (max(1, width // 2), max(1, height // 2))
    small, spread = (moment.scratch.plane(name, size[::-1]) for name in ("small", "spread"))
    k.disc(k.shrink(plane, size, small), radius_px / 2, hold_edges=True, out=spread)
    k.enlarge(spread, (width, height), smooth=True, out=plane)


def _add_chroma(plane: Plane, added: Plane, gain: float, moment: Moment) -> None:
    """plane + gain · (added − neutral), in place."""
    moment.k.weigh((plane, added), (1, gain), -gain * NEUTRAL_C, plane)
