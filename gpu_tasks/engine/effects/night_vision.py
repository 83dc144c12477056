"""The picture of an image intensifier: amplified light on a green phosphor."""

from typing import Final

import numpy as np

from gpu_tasks.engine.effects._grain import grain
from gpu_tasks.engine.effects._lens import Vignette, field_of, soft
from gpu_tasks.engine.effects._palette import Stops, lookups, rgb_of
from gpu_tasks.engine.effects._tone import LUMA, Points, codes, curve, luma_of_chroma, luma_table, mixed
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.surface import BLACK_Y, Plane, Surface

PHOSPHOR: Final[Stops] = ((0.0, "#010a04"), (0.35, "#0d5a24"), (0.75, "#4ddb5f"), (1.0, "#d2ffc4"))
_GAIN: Points = ((0, 0.05), (0.1, 0.2), (0.3, 0.47), (0.6, 0.74), (1, 0.95))
_BLOOM: Points = ((0, 0), (0.55, 0), (1, 0.45))
BLOOM_UNITS: Final = 9.0
SCOPE: Final = Vignette(inner=0.55, outer=1.4, depth=0.88)
GRAIN_SIGMA: Final = 13.0
GRAIN_UNITS: Final = 1.8
LINE_UNITS: Final = 3.0
LINE_DEPTH: Final = 0.22


@effect(
    "night_vision",
    "A night scope: amplified light on green phosphor, with noise and lines.",
    animated=True,
    straight=True,
)
def night_vision(picture: Surface, amount: float, moment: Moment) -> Surface:
    k, scratch = moment.k, moment.scratch
    y, u, v = scratch.kept("phosphor", lambda: tuple(map(k.upload, phosphor_tables())))
    light = _screen(_amplified(picture, moment), picture, moment)
    out = scratch.surface("phosphor", picture, alpha=False)
    k.lut(light.y, y, out.y)
    coarse = luma_of_chroma(light, moment)
    k.lut(coarse, u, out.u)
    k.lut(coarse, v, out.v)
    return mixed(picture, out, amount, moment)


def phosphor_tables() -> tuple[Plane, Plane, Plane]:
    """The phosphor's colour at each luma code, one table for each plane."""
    return lookups(rgb_of(PHOSPHOR, LUMA))


def _amplified(picture: Surface, moment: Moment) -> Plane:
    """Luma with lifted shadows, and lights that bloom."""
    k, scratch = moment.k, moment.scratch
    gain = scratch.kept("gain", lambda: k.upload(luma_table(curve(_GAIN, LUMA), 1)))
    lifted = k.lut(picture.y, gain, scratch.plane("lifted", picture.y.shape))
    return k.add(lifted, _bloom(picture, moment), scratch.plane("light", picture.y.shape))


def _bloom(picture: Surface, moment: Moment) -> Plane:
    """The halo of the lights, at luma size; made at the size of chroma."""
    k, scratch, shape = moment.k, moment.scratch, picture.u.shape
    table = scratch.kept("bloom", lambda: k.upload(codes(219 * curve(_BLOOM, LUMA))))
    lights = k.lut(luma_of_chroma(picture, moment), table, scratch.plane("lights", shape))
    sigma_px = BLOOM_UNITS * moment.unit_px / picture.subsampling
    halo = soft(lights, picture.alpha_c, moment, sigma_px, scratch.plane("halo", shape), "halo")
    if picture.subsampling == 1:
        return halo
    whole = scratch.plane("whole halo", picture.y.shape)
    return k.enlarge(halo, (picture.width, picture.height), smooth=True, out=whole)


def _screen(light: Plane, picture: Surface, moment: Moment) -> Surface:
    """The light with the tube's noise, seen between faint lines through a round eyepiece: a surface for its luma."""
    k, scratch, shape = moment.k, moment.scratch, picture.y.shape
    noisy = k.add_grain(light, grain(shape, moment, GRAIN_SIGMA, GRAIN_UNITS), scratch.plane("noisy", shape))
    mask = scratch.kept(("screen", shape), lambda: k.upload(_screen_mask(shape, moment.unit_px)))
    seen = k.toward_by(noisy, None, BLACK_Y, mask, light)
    return Surface(seen, picture.u, picture.v, picture.subsampling)


def _screen_mask(shape: tuple[int, ...], unit_px: float) -> Plane:
    """How dark eyepiece and lines make each pixel. Lines finer than pixels average out."""
    period_px = LINE_UNITS * unit_px
    swing = np.sinc(1 / period_px) * np.cos(2 * np.pi * (np.arange(shape[0]) + 0.5) / period_px)
    lines = LINE_DEPTH * (0.5 + 0.5 * swing)
    return codes(255 * (1 - (1 - field_of(shape, SCOPE)) * (1 - lines[:, None])))
