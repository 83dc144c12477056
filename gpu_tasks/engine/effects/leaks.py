"""Light that gets at the film itself: leaks through the camera's back, and the heat of the projector's lamp."""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gpu_tasks.engine.effects._overlay import cloudy, grid, lay, light_shape, repainted, shine
from gpu_tasks.engine.effects._tone import codes
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.kernels.colour import RGB_TO_YUV_709
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.timeline.transforms import translation

LEAK_CELL_UNITS = 8


@dataclass(frozen=True, slots=True)
class _Leak:
    """A cloud of light. Places and sizes are shares of the picture; it swings about its place and breathes."""

    x: float
    y: float
    width: float
    height: float
    colour: tuple[float, float, float]
    swing: float
    period_s: float
    phase: float


LEAKS: Final = (
    _Leak(-0.06, 0.30, 0.36, 1.05, (1.00, 0.34, 0.06), 0.10, 6.3, 0.0),
    _Leak(0.04, 0.82, 0.22, 0.60, (1.00, 0.62, 0.18), 0.07, 4.1, 2.1),
    _Leak(1.05, 0.58, 0.30, 1.20, (1.00, 0.24, 0.05), 0.09, 7.7, 4.0),
    _Leak(0.98, 0.12, 0.20, 0.50, (1.00, 0.45, 0.10), 0.08, 5.2, 1.2),
    _Leak(0.62, -0.10, 0.50, 0.26, (0.80, 0.12, 0.30), 0.14, 9.1, 5.3),
    _Leak(0.30, 1.10, 0.60, 0.26, (1.00, 0.40, 0.10), 0.16, 8.3, 3.2),
)


@effect("light_leaks", "Warm orange and red light leaks in from the edges and drifts.", animated=True, straight=True)
def light_leaks(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    k, scratch = moment.k, moment.scratch
    shape = light_shape(picture, moment, LEAK_CELL_UNITS)
    clouds = scratch.kept(("clouds", shape), lambda: _clouds(k, shape, moment))
    moved = [_swung(index, cloud, shape, moment) for index, cloud in enumerate(clouds)]
    strengths = [_breath(leak, moment.time_s) for leak in LEAKS]
    light = scratch.planes("lit", shape)
    for channel, plane in enumerate(light):
        weights = [strength * leak.colour[channel] for strength, leak in zip(strengths, LEAKS, strict=True)]
        k.weigh(moved, weights, 0, plane)
    return shine(picture, light, amount, moment)


def _clouds(k: Kernels, shape: tuple[int, int], moment: Moment) -> list[Plane]:
    """Each leak in its mean place, torn by noise, on a plane with a margin of half the picture all around."""
    random = moment.random("leaks", -1)
    x, y = grid((2 * shape[0], 2 * shape[1]))
    x, y = 2 * x - 0.5, 2 * y - 0.5
    noise = cloudy(256, random, 128, 1.9)
    planes = []
    for leak in LEAKS:
        left, top = random.integers(0, 256, 2)
        torn = noise[np.ix_((top + np.arange(2 * shape[0]) * 256 // (3 * shape[0])) % 256,
                            (left + np.arange(2 * shape[1]) * 256 // (3 * shape[1])) % 256)]  # fmt: skip
        squared = ((x - leak.x) / leak.width) ** 2 + ((y - leak.y) / leak.height) ** 2
        planes.append(k.upload(codes(255 * np.exp(-1.6 * squared) * (0.35 + 1.0 * torn))))
    return planes


def _swung(index: int, cloud: Plane, shape: tuple[int, int], moment: Moment) -> Plane:
    """The part of a cloud's plane that the picture shows now."""
    leak = LEAKS[index]
    turn = 2 * math.pi * moment.time_s / leak.period_s + leak.phase
    x = leak.swing * math.sin(turn) * shape[1] - shape[1] / 2
    y = leak.swing * math.cos(0.7 * turn) * shape[0] - shape[0] / 2
    out = moment.scratch.plane(f"cloud-{index}", shape)
    return moment.k.warp(cloud, translation(x, y), (shape[1], shape[0]), hold_edges=True, out=out)


def _breath(leak: _Leak, time_s: float) -> float:
    """How bright a leak is now, 0.3 to 1: a slow swell with a livelier one on it."""
    turn = 2 * math.pi * time_s / leak.period_s
    return 0.66 + 0.24 * math.sin(1.3 * turn + 2 * leak.phase) + 0.1 * math.sin(5.1 * turn + leak.phase)


BURN_CELL_UNITS = 6
BURNS: Final = ((1.06, 0.30, 0.62), (-0.05, 0.86, 0.55), (0.72, 1.10, 0.48))
"""Where the film catches fire: x, y and reach as shares of width, height and the longer side."""
SWELL_S = 4.6
BURN_STOPS: Final = (
    (0.00, (0.00, 0.00, 0.00), 0.00),
    (0.16, (0.55, 0.14, 0.00), 0.06),
    (0.34, (0.80, 0.25, 0.02), 0.26),
    (0.43, (0.42, 0.10, 0.01), 0.62),
    (0.48, (0.07, 0.02, 0.01), 0.94),
    (0.53, (0.04, 0.01, 0.00), 1.00),
    (0.56, (0.75, 0.12, 0.00), 1.00),
    (0.61, (1.00, 0.42, 0.03), 1.00),
    (0.70, (1.00, 0.72, 0.22), 1.00),
    (0.82, (1.00, 0.93, 0.66), 1.00),
    (1.00, (1.00, 0.99, 0.92), 1.00),
)
"""Heat (0-1), colour and opacity: scorched, charred, glowing, burnt through to the lamp."""


@effect("film_burn", "Film that burns in the gate: glowing holes with charred rims eat in from the edges and pulse.",
        animated=True, straight=True)  # fmt: skip
def film_burn(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    k, scratch = moment.k, moment.scratch
    heat = _heat(picture, moment)
    y, u, v, alpha = scratch.kept(("burn", amount), lambda: [k.upload(table) for table in _burn_tables(amount)])
    burn = scratch.surface("burn", picture, alpha=True)
    for tables, part in (((y, alpha), (burn.y, burn.alpha)), ((u, v, alpha), (burn.u, burn.v, burn.alpha_c))):
        fitted = scratch.plane("heat", part[0].shape)
        k.enlarge(heat, (fitted.shape[1], fitted.shape[0]), smooth=True, out=fitted)
        for table, target in zip(tables, part, strict=True):
            k.lut(fitted, table, target)
    out = repainted(picture, moment)
    lay(k, out, burn)
    return out


def _heat(picture: Surface, moment: Moment) -> Plane:
    """How hot the film is (0-255), on a reduced plane: nearness to the fires, torn by two drifting noises."""
    k, scratch, t = moment.k, moment.scratch, moment.time_s
    shape = light_shape(picture, moment, BURN_CELL_UNITS)
    near = scratch.kept(("near", shape), lambda: k.upload(_near(shape)))
    coarse = _drifted("coarse", 150, (7 * t, -11 * t), shape, moment)
    fine = _drifted("fine", 36, (-9 * t, 14 * t), shape, moment)
    swell = 0.5 - 0.5 * math.cos(2 * math.pi * t / SWELL_S + 2.2)
    flicker = 0.02 * math.sin(17.0 * t) + 0.015 * math.sin(41.0 * t)
    offset = 255 * (-0.92 + 0.3 * swell + flicker)
    return k.weigh((near, coarse, fine), (1.25, 0.62, 0.24), offset, scratch.plane("heat-small", shape))


def _near(shape: tuple[int, int]) -> Plane:
    x, y = grid(shape)
    longer = max(shape)
    fires = [1 - np.hypot((x - fx) * shape[1], (y - fy) * shape[0]) / (reach * longer) for fx, fy, reach in BURNS]
    return codes(255 * np.clip(np.max(fires, axis=0), 0, 1))


def _drifted(name: str, coarsest: float, at: tuple[float, float], shape: tuple[int, int], moment: Moment) -> Plane:
    """A window of endless noise (features up to `coarsest` samples) that begins at `at`, in samples."""
    side = 1 << max(max(shape) - 1, 63).bit_length()

    def make() -> Any:
        # Twice over in both directions, so that any window of one period lies in it.
        return moment.k.upload(np.tile(codes(255 * cloudy(side, moment.random(name, -1), coarsest)), (2, 2)))

    noise = moment.scratch.kept((name, side), make)
    shift = translation(-(at[0] % side), -(at[1] % side))
    out = moment.scratch.plane(name, shape)
    return moment.k.warp(noise, shift, (shape[1], shape[0]), hold_edges=True, out=out)


def _burn_tables(amount: float) -> tuple[Plane, Plane, Plane, Plane]:
    """Heat → premultiplied Y, U, V and alpha."""
    heat = np.linspace(0, 1, 256)
    at = [stop[0] for stop in BURN_STOPS]
    rgb = np.stack([np.interp(heat, at, [stop[1][channel] for stop in BURN_STOPS]) for channel in range(3)])
    alpha = np.interp(heat, at, [stop[2] for stop in BURN_STOPS]) * amount
    y, u, v = RGB_TO_YUV_709 @ np.vstack([rgb * alpha, alpha]) * 255
    return codes(y), codes(u), codes(v), codes(255 * alpha)
