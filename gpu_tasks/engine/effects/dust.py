"""What settles on pictures: film grain with dust, and snow."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects._dust import hair, speck
from gpu_tasks.engine.effects._grain import grain
from gpu_tasks.engine.effects._overlay import lay, repainted, smoothstep, sprite_of
from gpu_tasks.engine.effects._tone import codes
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.timeline.transforms import translation

GRAIN_SIGMA = 8.5
CHROMA_GRAIN_SIGMA = 2.5
GRAIN_UNITS = 1.9
SPECKS_PER_SECOND = 60.0
SPECK_SHAPES = 14
HAIR_EVERY = 5
"""One shape in so many is a hair."""


@effect("add_grain", "Grain of fast film, strongest in the mid-tones, with now and then a speck of dust.",
        animated=True, straight=True)  # fmt: skip
def add_grain(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    k, scratch = moment.k, moment.scratch
    out = repainted(picture, moment)
    flat = k.fill(scratch.plane("flat", picture.y.shape), 128)
    noise = k.add_grain(flat, grain(picture.y.shape, moment, GRAIN_SIGMA * amount, GRAIN_UNITS), flat)
    k.by_table(picture.y, noise, scratch.kept("tones", lambda: k.upload(_by_tone())), out.y)
    for salt, plane, target in (("u", picture.u, out.u), ("v", picture.v, out.v)):
        size = 2 * GRAIN_UNITS / picture.subsampling
        k.add_grain(plane, grain(plane.shape, moment, CHROMA_GRAIN_SIGMA * amount, size, salt=salt), target)
    _settle(out, amount, moment)
    return out


def _by_tone() -> Plane:
    """Code value × (128 + grain) → code value. Film is calm where it is clear and where it is black."""
    tone = np.clip((np.arange(256) - 16) / 219, 0, 1)
    strength = 0.4 + 0.6 * np.sin(np.pi * tone**0.8)
    return codes(np.arange(256)[:, None] + strength[:, None] * (np.arange(256) - 128)[None, :])


def _settle(out: Surface, amount: float, moment: Moment) -> None:
    """A few specks, elsewhere in every frame."""
    k, random = moment.k, moment.random("dust")
    key = ("specks", out.subsampling, moment.unit_px, amount)
    shapes = moment.scratch.kept(key, lambda: _specks(k, out.subsampling, amount, moment))
    for _ in range(random.poisson(SPECKS_PER_SECOND / moment.frame_rate)):
        shape = shapes[int(random.integers(len(shapes)))]
        left, top = (int(length * random.random() - 4) // 2 * 2 for length in (out.width, out.height))
        lay(k, out, shape, left, top)


def _specks(k: Kernels, subsampling: int, amount: float, moment: Moment) -> list[Surface]:
    """Dark and light specks and hairs, as sprites."""
    random, unit = moment.random("speck-shapes", -1), moment.unit_px
    shapes = []
    for index in range(SPECK_SHAPES):
        opacity, shade = amount * random.uniform(0.65, 0.95), 0.96 if random.random() < 0.55 else 0.04
        if index % HAIR_EVERY == HAIR_EVERY - 1:
            mask = hair(random.uniform(30, 70) * unit, 1.5 * unit, opacity, random)
        else:
            mask = speck(random.uniform(1.2, 4.4) * unit, opacity, random)
        coverage = mask / 255
        rgba = np.dstack([coverage * shade, coverage * shade, coverage * shade * 0.95, coverage])
        shapes.append(sprite_of(k, rgba, subsampling))
    return shapes


@dataclass(frozen=True, slots=True)
class _Depth:
    """A layer of flakes. Lengths in units, speeds in units a second; `soft` is the blurred share of a flake."""

    flakes: int
    radius: tuple[float, float]
    soft: float
    opacity: float
    fall: float
    drift: float
    sway: float
    sway_s: float


SNOW: Final = (
    _Depth(760, (0.9, 1.6), 0.9, 0.62, 62, 9, 8, 7.0),
    _Depth(380, (1.5, 2.6), 0.8, 0.78, 98, 16, 13, 6.1),
    _Depth(170, (2.6, 4.4), 0.85, 0.85, 150, 26, 18, 5.2),
    _Depth(34, (5.5, 9.0), 1.0, 0.6, 235, 44, 24, 4.3),
    _Depth(9, (13.0, 21.0), 1.0, 0.3, 350, 70, 30, 3.7),
)
"""From far to near. Counts are for a picture of 1280 × 720 units."""


@effect("snow", "Soft flakes falling at several depths, swaying in a light wind.", animated=True, straight=True)
def snow(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    k, scratch = moment.k, moment.scratch
    mask = k.fill(scratch.plane("mask", picture.y.shape), 0)
    for index, depth in enumerate(SNOW):
        layer = _fallen(index, depth, picture, moment)
        k.add(mask, k.fade(layer, amount * depth.opacity, layer), mask)
    mask_c = mask
    if picture.subsampling == 2:
        chroma = scratch.plane("mask-c", picture.u.shape)
        mask_c = k.shrink(mask, (chroma.shape[1], chroma.shape[0]), chroma)
    out = scratch.surface("out", picture)
    out.copy_alpha_from(picture)
    for plane, target, value, by in zip(
        _planes(picture), _planes(out), (235, 129, 127), (mask, mask_c, mask_c), strict=True
    ):
        k.toward_by(plane, None, value, by, target)
    return out


def _planes(surface: Surface) -> tuple[Plane, Plane, Plane]:
    return surface.y, surface.u, surface.v


def _fallen(index: int, depth: _Depth, picture: Surface, moment: Moment) -> Plane:
    """Coverage of a layer at this moment, the size of the picture."""
    k, scratch, unit = moment.k, moment.scratch, moment.unit_px
    tile = scratch.kept(
        ("flakes", index, picture.y.shape, unit), lambda: k.upload(_flakes(depth, picture.y.shape, unit, moment))
    )
    sway = depth.sway * math.sin(2 * math.pi * moment.time_s / depth.sway_s + 1.9 * index)
    across = (depth.drift * moment.time_s + sway) * unit
    return _rolled(k, tile, across, depth.fall * moment.time_s * unit, scratch.plane("layer", picture.y.shape))


def _flakes(depth: _Depth, shape: tuple[int, ...], unit_px: float, moment: Moment) -> Plane:
    """A tile of flakes of `shape` that repeats seamlessly, with its first row and column again at the end."""
    height, width = shape
    tile = np.zeros((height, width), np.float32)
    random = moment.random(f"flakes-{depth.fall}", -1)
    count = math.ceil(depth.flakes * width * height / (1280 * 720 * unit_px**2))
    for _ in range(min(count, 4 * depth.flakes)):
        x, y, radius = random.random() * width, random.random() * height, random.uniform(*depth.radius) * unit_px
        _stamp(tile, x, y, radius, depth.soft, random.uniform(0.55, 1))
    return codes(np.pad(tile, ((0, 1), (0, 1)), mode="wrap") * 255)


def _stamp(tile: NDArray[np.float32], x: float, y: float, radius: float, soft: float, light: float) -> None:
    """Paint one round flake whose edge is blurred over `soft` of its radius and at least over a pixel."""
    edge = max(soft * radius, 1.0)
    reach = math.ceil(radius + edge)
    columns, rows = np.arange(int(x) - reach, int(x) + reach + 1), np.arange(int(y) - reach, int(y) + reach + 1)
    distance = np.hypot(columns[None, :] + 0.5 - x, rows[:, None] + 0.5 - y)
    coverage = light * (1 - smoothstep(radius - edge, radius + edge, distance)) * min(1, (2 * radius) ** 2)
    where = np.ix_(rows % tile.shape[0], columns % tile.shape[1])
    tile[where] = np.maximum(tile[where], coverage)


def _rolled(k: Kernels, tile: Plane, x: float, y: float, out: Plane) -> Plane:
    """The tile moved right by `x` and down by `y` pixels, coming in again on the other side."""
    height, width = out.shape
    for rows, source_rows, fraction_y in _pieces(y, height):
        for columns, source_columns, fraction_x in _pieces(x, width):
            size = (columns.stop - columns.start, rows.stop - rows.start)
            if size[0] and size[1]:
                shift = translation(-fraction_x, -fraction_y)
                k.warp(tile[source_rows, source_columns], shift, size, hold_edges=True, out=out[rows, columns])
    return out


def _pieces(shift: float, length: int) -> list[tuple[slice, slice, float]]:
    """Where the two parts of an axis go and come from (one sample more, to interpolate), and the fraction left."""
    start = -shift % length
    whole = min(int(start), length - 1)
    head = length - whole
    fraction = start - whole
    return [
        (slice(0, head), slice(whole, length + 1), fraction),
        (slice(head, length), slice(0, whole + 1), fraction),
    ]
