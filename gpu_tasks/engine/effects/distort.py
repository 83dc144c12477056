"""Distortions: every pixel looks somewhere else."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.kernels import Size
from gpu_tasks.engine.surface import Surface

Values = NDArray[np.float64]
Offsets = NDArray[np.float32]

WAVES = 9
WAVELENGTHS_UNITS = (110.0, 460.0)
CYCLES_PER_S = (0.12, 0.45)
DEPTH_UNITS = 11.0
"""Root mean square of the displacement at full strength."""
CELL_UNITS, CALM_UNITS = 9.0, 80.0
"""Width of a cell of the coarse grid, and of the margin in which nothing is drawn in from outside."""
FISHEYE_RADIANS = 1.02
"""Angle from the middle of the picture to its corners at full strength."""


@effect("displacement_map", "The picture swims and ripples uneasily, as if seen through slow water.", animated=True)
def displacement_map(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    size, step = (picture.width, picture.height), picture.subsampling
    dx, dy = _offsets(_water(moment), size, moment, amount)
    kept = moment.scratch.kept(("ripples", size, step), lambda: [None])
    kept[0] = moment.k.field(dx, dy, size, step, kept[0])
    return moment.k.displace(picture, kept[0], moment.scratch.surface("out", picture), hold_edges=picture.is_opaque)


@dataclass(frozen=True, slots=True)
class Water:
    """Plane waves of a stream function: wave vectors in 1/unit, turns per second, phases, heights in unit²."""

    across: Values
    down: Values
    cycles_per_s: Values
    phases: Values
    heights: Values


def _water(moment: Moment) -> Water:
    def make() -> Water:
        random = moment.random("waves", -1)
        headings = 2 * math.pi * (np.arange(WAVES) + random.uniform(0, 1, WAVES)) / WAVES
        shortest, longest = WAVELENGTHS_UNITS
        numbers = 2 * math.pi / (shortest * (longest / shortest) ** (random.permutation(WAVES) / (WAVES - 1)))
        # Long waves are deep, short ones shallow: displacements as the square root of the wavelength.
        depths = numbers**-0.5
        depths *= DEPTH_UNITS * math.sqrt(2) / math.sqrt((depths**2).sum() / 2)
        speeds = random.uniform(*CYCLES_PER_S, WAVES) * random.choice([-1, 1], WAVES)
        phases = random.uniform(0, 2 * math.pi, WAVES)
        return Water(numbers * np.cos(headings), numbers * np.sin(headings), speeds, phases, depths / numbers)

    return moment.scratch.kept(("water", moment.element), make)


def _offsets(water: Water, size: Size, moment: Moment, amount: float) -> tuple[Offsets, Offsets]:
    """Offsets in pixels on a coarse grid: the curl of the stream function, so that nothing is squeezed or torn."""
    x, y = (_grid(length, moment.unit_px) for length in size)
    angle_x = x[:, None] * water.across + water.phases + 2 * math.pi * moment.time_s * water.cycles_per_s
    angle_y = y[:, None] * water.down
    # cos(a + b) of every column and row as two products of matrices.
    cos_x, sin_x, cos_y, sin_y = np.cos(angle_x), np.sin(angle_x), np.cos(angle_y), np.sin(angle_y)
    scale_px = amount * moment.unit_px
    dx = (cos_y * (water.heights * water.down)) @ cos_x.T - (sin_y * (water.heights * water.down)) @ sin_x.T
    dy = (sin_y * (water.heights * water.across)) @ sin_x.T - (cos_y * (water.heights * water.across)) @ cos_x.T
    dx *= scale_px * _calm(x, size[0] / moment.unit_px)[None, :]
    dy *= scale_px * _calm(y, size[1] / moment.unit_px)[:, None]
    return dx.astype(np.float32), dy.astype(np.float32)


def _grid(length_px: int, unit_px: float) -> Values:
    """Centres, in units, of the cells that cover a length evenly."""
    length_units = length_px / unit_px
    cells = max(1, min(length_px, math.ceil(length_units / CELL_UNITS)))
    return (np.arange(cells) + 0.5) * (length_units / cells)


def _calm(positions: Values, length: float) -> Values:
    """0 at both ends of a length, 1 from the margin on."""
    t = np.clip(np.minimum(positions, length - positions) / min(CALM_UNITS, length / 2), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float64)


@effect("optics_compensation", "A fish-eye lens: the middle bulges towards the viewer, the edges curve away.")
def optics_compensation(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    size, step = (picture.width, picture.height), picture.subsampling

    def make() -> object:
        return moment.k.field(*_fisheye(size, FISHEYE_RADIANS * amount), size, step)

    field = moment.scratch.kept(("fisheye", size, step, amount), make)
    return moment.k.displace(picture, field, moment.scratch.surface("out", picture), hold_edges=picture.is_opaque)


def _fisheye(size: Size, corner_radians: float) -> tuple[Offsets, Offsets]:
    """Equidistant projection of a flat picture: a point at radius r of the result, 1 in the corners, shows the picture
    at tan(r · corner) / tan(corner). That is never further out, so the picture fills its frame."""
    x, y = ((np.arange(length, dtype=np.float32) + 0.5 - length / 2) for length in size)
    radius = np.hypot(x[None, :], y[:, None]) / math.hypot(size[0] / 2, size[1] / 2)
    looked_up = np.tan(radius * corner_radians) / math.tan(corner_radians)
    pull = (looked_up / np.maximum(radius, 1e-6) - 1).astype(np.float32)
    return pull * x[None, :], pull * y[:, None]
