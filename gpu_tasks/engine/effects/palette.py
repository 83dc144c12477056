"""Pictures in few or false colours: steps of tone, a heat camera."""

from typing import Final

import numpy as np

from gpu_tasks.engine.effects._lens import soft, softened
from gpu_tasks.engine.effects._palette import Stops, lookups, rgb_of
from gpu_tasks.engine.effects._tone import CODES, LUMA, Points, codes, curve, mixed
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.surface import Plane, Surface

LEVELS: Final = 6
COLOUR_STEP: Final = 18
VIVIDNESS: Final = 1.2
CALM_UNITS: Final = 1.4

HEAT: Final[Stops] = (
    (0.0, "#05020f"),
    (0.16, "#2a0a63"),
    (0.36, "#8d1080"),
    (0.54, "#e0303a"),
    (0.7, "#ff8412"),
    (0.86, "#ffd735"),
    (1.0, "#fffbe0"),
)
WARMTH: Final = (-0.6, 1.0)
"""Weights of Cb and Cr beside luma: what is red glows, what is blue stays cold; faces stand out against the sky."""
HEAT_BLUR_UNITS: Final = 1.6
_HEAT_CONTRAST: Points = ((0, 0), (0.25, 0.22), (0.5, 0.52), (0.75, 0.8), (1, 1))


@effect("posterize", "Poster paint: few flat steps of tone and colour.", straight=True)
def posterize(picture: Surface, amount: float, moment: Moment) -> Surface:
    k, scratch = moment.k, moment.scratch
    tones, colours = scratch.kept("steps", lambda: (k.upload(tone_steps()), k.upload(colour_steps())))
    # Noise would fray the outlines of flat areas.
    calm = softened(picture, moment, CALM_UNITS * moment.unit_px)
    out = scratch.surface("stepped", picture, alpha=False)
    k.lut(calm.y, tones, out.y)
    k.lut(calm.u, colours, out.u)
    k.lut(calm.v, colours, out.v)
    return mixed(picture, out, amount, moment)


def tone_steps() -> Plane:
    """Luma cut into equal ranges, shown as evenly spaced levels from black to white."""
    step = np.minimum(np.floor(LUMA * LEVELS), LEVELS - 1)
    return codes(16 + 219 * step / (LEVELS - 1))


def colour_steps() -> Plane:
    """Colour differences in steps about grey, which stays grey; a little more saturated, as paint is."""
    return codes(128 + COLOUR_STEP * np.rint(VIVIDNESS * (CODES - 128) / COLOUR_STEP))


@effect("thermal", "A heat camera: black and violet cold, red and orange warm, yellow and white hot.", straight=True)
def thermal(picture: Surface, amount: float, moment: Moment) -> Surface:
    k, scratch = moment.k, moment.scratch
    y, u, v = scratch.kept("heat colours", lambda: tuple(map(k.upload, heat_tables())))
    heat = _heat(picture, moment)
    out = scratch.surface("thermal", picture, alpha=False)
    k.lut(heat, y, out.y)
    coarse = heat if picture.subsampling == 1 else _shrunk(heat, picture, moment)
    k.lut(coarse, u, out.u)
    k.lut(coarse, v, out.v)
    return mixed(picture, out, amount, moment)


def heat_tables() -> tuple[Plane, Plane, Plane]:
    """The colours of heat 0-255, one table for each plane."""
    return lookups(rgb_of(HEAT, curve(_HEAT_CONTRAST, CODES / 255)))


def _heat(picture: Surface, moment: Moment) -> Plane:
    """How hot (0-255) every pixel seems, as blurred as such cameras are."""
    k, shape = moment.k, picture.y.shape
    warmth = _warmth(picture, moment)
    gain = 255 / 219
    sharp = moment.scratch.plane("sharp heat", shape)
    k.weigh((picture.y, warmth), (gain, gain), -gain * (16 + 128), sharp)
    heat = moment.scratch.plane("heat", shape)
    return soft(sharp, picture.alpha, moment, HEAT_BLUR_UNITS * moment.unit_px, heat, "heat")


def _warmth(picture: Surface, moment: Moment) -> Plane:
    """What colour adds to heat, about 128, at luma size."""
    k, scratch = moment.k, moment.scratch
    coarse = scratch.plane("warmth-c", picture.u.shape)
    k.weigh((picture.u, picture.v), WARMTH, 128 * (1 - sum(WARMTH)), coarse)
    if picture.subsampling == 1:
        return coarse
    size = (picture.width, picture.height)
    return k.enlarge(coarse, size, smooth=True, out=scratch.plane("warmth", picture.y.shape))


def _shrunk(plane: Plane, picture: Surface, moment: Moment) -> Plane:
    rows, columns = picture.u.shape
    return moment.k.shrink(plane, (columns, rows), moment.scratch.plane("coarse", (rows, columns)))
