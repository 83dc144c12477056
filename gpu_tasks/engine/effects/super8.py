"""Home movies on small-gauge film: unsteady, grainy, warm, dusty, and shown through a dark gate."""

from collections.abc import Iterator
from typing import Final, cast

import numpy as np

from gpu_tasks.engine.effects._dust import hair, scratch_line, speck, stamp
from gpu_tasks.engine.effects._grain import grain
from gpu_tasks.engine.effects._lens import Masks, Vignette, field_of, shaded, softened
from gpu_tasks.engine.effects._tone import (
    LUMA,
    Grade,
    Tables,
    by_tables,
    codes,
    curve,
    luma_table,
    tables_of,
    uploaded,
)
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.kernels.colour import KB, KG, KR
from gpu_tasks.engine.premultiplication import premultiplied, straightened
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.timeline.transforms import Affine

FILM_RATE: Final = 18
"""Frames a second of the camera; weave, flicker, grain and dust change at that rate."""
STOCK: Final = Grade(
    red=((0, 0.1), (0.25, 0.35), (0.5, 0.65), (0.75, 0.87), (1, 0.99)),
    green=((0, 0.065), (0.25, 0.26), (0.5, 0.54), (0.75, 0.79), (1, 0.94)),
    blue=((0, 0.075), (0.25, 0.21), (0.5, 0.42), (0.75, 0.61), (1, 0.77)),
    saturation=((0, 0.8), (0.5, 1.05), (1, 0.85)),
)
LIGHT: Final = Vignette(inner=0.45, outer=1.45, depth=0.55)
GATE: Final = Vignette(inner=0.955, outer=1.015, depth=1.0, power=7.0)
WEAVE_UNITS: Final = (0.9, 1.3)
SOFTNESS_UNITS: Final = 0.9
FLICKER: Final = 0.035
FLICKER_STEPS: Final = 11
GRAIN_SIGMA: Final = 9.5
GRAIN_UNITS: Final = 2.4
CHROMA_GRAIN_SIGMA: Final = 3.5
DARK_DIRT, LIGHT_DIRT = 24, 222
SPECKS: Final = 24
SCRATCH_TICKS: Final = 11


@effect(
    "super8", "A home movie: warm coarse grain, a trembling picture, dust, scratches and a dark gate.", animated=True
)
def super8(picture: Surface, amount: float, moment: Moment) -> Surface:
    tick = int(moment.time_s * FILM_RATE + 1e-6)
    moved = straightened(moment.k, moment.scratch, woven(picture, amount, moment, tick))
    soft = softened(moved, moment, SOFTNESS_UNITS * amount * moment.unit_px)
    exposed = by_tables(soft, moment, _exposure(amount, moment, tick), "exposed")
    framed = shaded(exposed, moment, _gate(picture, amount, moment))
    _soil(framed.y, amount, moment, tick)
    return premultiplied(moment.k, moment.scratch, _grained(framed, exposed, amount, moment, tick))


def woven(picture: Surface, amount: float, moment: Moment, tick: int) -> Surface:
    """The picture a little off its place, as the film sits in the gate."""
    x, y = np.clip(moment.random("weave", tick).standard_normal(2), -2, 2) * WEAVE_UNITS * moment.unit_px * amount
    out = moment.scratch.surface("woven", picture)
    for index, (plane, target) in enumerate(zip(picture.every_plane(), out.every_plane(), strict=True)):
        matrix = Affine(c=float(x), f=float(y))
        if index in (1, 2, 4):
            matrix = moment.k.plane_matrix(matrix, picture.subsampling)
        moment.k.warp(plane, matrix, (plane.shape[1], plane.shape[0]), hold_edges=True, out=target)
    return out


def _exposure(amount: float, moment: Moment, tick: int) -> Tables:
    """The stock's tables at this frame's exposure."""

    def make() -> tuple[Tables, list[Plane]]:
        gains = 1 + FLICKER * np.linspace(-2, 2, FLICKER_STEPS)
        luma = sum(
            weight * curve(points, LUMA)
            for weight, points in zip((KR, KG, KB), (STOCK.red, STOCK.green, STOCK.blue), strict=True)
        )
        exposures = [moment.k.upload(luma_table(np.minimum(gain * luma, 1), amount)) for gain in gains]
        return uploaded(tables_of(STOCK, amount), moment), exposures

    tables, exposures = moment.scratch.kept(("stock", amount), make)
    step = np.clip(moment.random("flicker", tick).standard_normal(), -2, 2)
    index = round((float(step) + 2) / 4 * (FLICKER_STEPS - 1))
    return Tables(exposures[index], tables.u, tables.v)


def _gate(picture: Surface, amount: float, moment: Moment) -> Masks:
    """How dark the lens's vignette and the gate's rounded edge make each pixel."""

    def mask(shape: tuple[int, ...]) -> Plane:
        seen = (1 - field_of(shape, LIGHT)) * (1 - field_of(shape, GATE))
        return cast(Plane, moment.k.upload(codes(255 * amount * (1 - seen))))

    def make() -> Masks:
        luma = mask(picture.y.shape)
        return luma, luma if picture.subsampling == 1 else mask(picture.u.shape)

    return moment.scratch.kept(("gate", amount, picture.y.shape, picture.subsampling), make)


def _soil(luma: Plane, amount: float, moment: Moment, tick: int) -> None:
    """Dust of this frame, and the scratch that runs through some."""
    dirt = moment.scratch.kept(("dirt", amount, moment.unit_px), lambda: _dirt(amount, moment))
    random = moment.random("dust", tick)
    rows, columns = luma.shape
    for index in random.integers(0, len(dirt), random.poisson(3.5)):
        mask = dirt[index]
        left, top = (int(share * length) for share, length in zip(random.random(2), (columns, rows), strict=True))
        value = DARK_DIRT if random.random() < 0.6 else LIGHT_DIRT
        stamp(luma, mask, left - mask.shape[1] // 2, top - mask.shape[0] // 2, value, moment)
    for place in _scratches(moment, tick):
        line = moment.scratch.kept(("line", amount, rows), lambda: _line(rows, amount, moment))
        stamp(luma, line, int(place * columns), 0, LIGHT_DIRT, moment)


def _dirt(amount: float, moment: Moment) -> list[Plane]:
    random, unit = moment.random("dirt", -1), moment.unit_px
    radii = np.exp(random.uniform(np.log(0.7), np.log(3.2), SPECKS))
    masks = [speck(float(radius) * unit, 0.75 * amount, random) for radius in radii]
    masks += [hair(random.uniform(22, 70) * unit, 1.3 * unit, 0.6 * amount, random) for _ in range(3)]
    return [moment.k.upload(mask) for mask in masks]


def _line(rows: int, amount: float, moment: Moment) -> Plane:
    line = scratch_line(rows, 1.1 * moment.unit_px, 0.5 * amount, moment.random("line", -1))
    return cast(Plane, moment.k.upload(line))


def _scratches(moment: Moment, tick: int) -> Iterator[float]:
    """Where (0-1 across) scratches run: each for a while, trembling."""
    reel = moment.random("scratch", tick // SCRATCH_TICKS)
    for place in reel.uniform(0.08, 0.92, reel.integers(0, 5) // 2):
        tremble = moment.random("tremble", tick).normal(0, 0.0012)
        if moment.random("gap", tick).random() < 0.8:
            yield float(place + tremble)


def _grained(picture: Surface, spare: Surface, amount: float, moment: Moment, tick: int) -> Surface:
    """The picture with coarse grain, in the planes of `spare`."""
    size = GRAIN_UNITS / picture.subsampling
    shades = (
        grain(picture.y.shape, moment, GRAIN_SIGMA * amount, GRAIN_UNITS, frame=tick),
        grain(picture.u.shape, moment, CHROMA_GRAIN_SIGMA * amount, size, salt="grain-u", frame=tick),
        grain(picture.v.shape, moment, CHROMA_GRAIN_SIGMA * amount, size, salt="grain-v", frame=tick),
    )
    for (plane, _, _), (target, _, _), noise in zip(picture.planes(), spare.planes(), shades, strict=True):
        moment.k.add_grain(plane, noise, target)
    return Surface(spare.y, spare.u, spare.v, picture.subsampling, picture.alpha, picture.alpha_c)
