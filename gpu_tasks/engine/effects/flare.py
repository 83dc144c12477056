"""A lens flare: a light at the upper third, its streak, and the reflections that it throws across the picture."""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects._overlay import light_shape, shine, smoothstep
from gpu_tasks.engine.effects._tone import codes
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.kernels import Kernels, Planes
from gpu_tasks.engine.surface import Surface
from gpu_tasks.timeline.transforms import translation

CELL_UNITS = 3
"""Light is soft: one sample for so many units is enough."""
SOURCE: Final = (0.27, 0.27)
"""Mean place of the light, as shares of width and height."""
DRIFT: Final = (0.035, 0.02)
DRIFT_S: Final = (11.0, 7.0)
"""How far and in what time the light swings."""
STREAK_UNITS = 1100


@dataclass(frozen=True, slots=True)
class _Ghost:
    """A reflection. `place` 1 is at the light, 0 in the centre, −1 opposite. `ring` is the share of its middle that is
    darker; `radius` in units, colour in light 0-1."""

    place: float
    radius: float
    colour: tuple[float, float, float]
    ring: float = 0.35


GHOSTS: Final = (
    _Ghost(0.58, 20, (0.27, 0.41, 0.17)),
    _Ghost(0.36, 44, (0.09, 0.22, 0.26), 0.6),
    _Ghost(0.12, 13, (0.51, 0.31, 0.10)),
    _Ghost(-0.22, 30, (0.31, 0.12, 0.09), 0.5),
    _Ghost(-0.46, 66, (0.07, 0.20, 0.17), 0.75),
    _Ghost(-0.62, 22, (0.14, 0.24, 0.44)),
    _Ghost(-0.95, 112, (0.20, 0.14, 0.07), 0.8),
    _Ghost(-1.18, 38, (0.10, 0.15, 0.34), 0.5),
)


@dataclass(frozen=True, slots=True)
class _Lamp:
    """One source of light: its R'G'B' planes, and `place` along the axis as in `_Ghost`."""

    rgb: Planes
    place: float


@effect("lens_flare", "A bright light at the upper third with an anamorphic streak; its reflections drift slowly.",
        animated=True, straight=True)  # fmt: skip
def lens_flare(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    k, scratch = moment.k, moment.scratch
    shape = light_shape(picture, moment, CELL_UNITS)
    unit = moment.unit_px * shape[0] / picture.height
    lamps = scratch.kept(("lamps", shape, unit), lambda: _lamps(k, unit, shape))
    light = scratch.planes("lit", shape)
    for plane in light:
        k.fill(plane, 0)
    x, y = _from_centre(moment.time_s, shape)
    for lamp in lamps:
        _place(lamp, shape[1] / 2 + lamp.place * x, shape[0] / 2 + lamp.place * y, light, moment)
    return shine(picture, light, amount, moment)


def _from_centre(time_s: float, shape: tuple[int, int]) -> tuple[float, float]:
    """Where the light stands, from the centre of the plane, in samples."""
    x, y = (SOURCE[axis] + DRIFT[axis] * math.sin(2 * math.pi * time_s / DRIFT_S[axis] + axis) - 0.5 for axis in (0, 1))
    return x * shape[1], y * shape[0]


def _place(lamp: _Lamp, x: float, y: float, light: Planes, moment: Moment) -> None:
    """Add a lamp to the light with its middle at (x, y), to fractions of a sample."""
    k = moment.k
    height, width = lamp.rgb[0].shape
    left, top = math.floor(x - width / 2), math.floor(y - height / 2)
    shift = translation(x - width / 2 - left, y - height / 2 - top)
    rows, columns = _span(top, height, light[0].shape[0]), _span(left, width, light[0].shape[1])
    if rows.stop <= rows.start or columns.stop <= columns.start:
        return
    for plane, target in zip(lamp.rgb, light, strict=True):
        moved = moment.scratch.plane("moved", (height, width))
        k.warp(plane, shift, (width, height), hold_edges=False, out=moved)
        part = moved[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
        k.add(target[rows, columns], part, target[rows, columns])


def _span(start: int, length: int, limit: int) -> slice:
    return slice(max(start, 0), min(start + length, limit))


def _lamps(k: Kernels, unit: float, shape: tuple[int, int]) -> list[_Lamp]:
    def uploaded(rgb: NDArray[Any]) -> Planes:
        red, green, blue = (k.upload(codes(255.0 * rgb[..., channel])) for channel in range(3))
        return red, green, blue

    ghosts = [_Lamp(uploaded(_ghost(ghost, unit)), ghost.place) for ghost in GHOSTS]
    source = [uploaded(picture) for picture in (_source(unit), _streak(unit, shape[1]), _halo(unit))]
    return [*(_Lamp(rgb, 1.0) for rgb in source), *ghosts]


def _coloured(light: NDArray[Any], colour: tuple[float, float, float]) -> NDArray[Any]:
    return np.asarray(light[..., None] * np.array(colour))


def _source(unit: float) -> NDArray[Any]:
    """A white core in a warm glow, with fine uneven rays."""
    distance, angle = _polar(310 * unit)
    distance = distance / unit
    rays = sum(np.cos(n * angle + n * n) for n in (6, 13, 21)) / 3
    core = np.exp(-((distance / 13) ** 2)) * 1.2
    corona = np.exp(-distance / 30) * (0.75 + 0.3 * rays) + np.exp(-distance / 95) * 0.32
    fade = 1 - smoothstep(200, 305, distance)
    return np.asarray(_coloured(core * fade, (1, 1, 1)) + _coloured(corona * fade, (1.0, 0.80, 0.52)))


def _streak(unit: float, width: int) -> NDArray[Any]:
    """The line that an anamorphic lens draws through a light."""
    reach = max(1, min(math.ceil(STREAK_UNITS * unit), 2 * width))
    x = (np.arange(2 * reach) - reach + 0.5)[None, :] / unit
    y = np.arange(-math.ceil(26 * unit) - 1, math.ceil(26 * unit) + 2)[:, None] / unit
    fade = 1 - smoothstep(0.5 * STREAK_UNITS, STREAK_UNITS, np.abs(x))
    line = np.exp(-((y / 4.2) ** 2)) * np.exp(-np.abs(x) / 330) * 0.62 * fade
    glow = np.exp(-np.abs(y) / 9) * np.exp(-np.abs(x) / 240) * 0.22 * fade * (1 - smoothstep(18, 26, np.abs(y)))
    return np.asarray(_coloured(line, (0.55, 0.78, 1.0)) + _coloured(glow, (0.25, 0.5, 1.0)))


def _halo(unit: float) -> NDArray[Any]:
    """A faint ring around the light, split into colours."""
    distance, angle = _polar(285 * unit)
    uneven = 0.6 + 0.4 * np.cos(angle - 0.8)
    rings = [np.exp(-(((distance / unit - radius) / 12) ** 2)) for radius in (246, 236, 226)]
    return np.asarray(0.11 * uneven[..., None] * np.stack(rings, axis=-1))


def _ghost(ghost: _Ghost, unit: float) -> NDArray[Any]:
    """A disc, brighter towards its rim, whose colours are focused a little differently."""
    distance, _ = _polar((ghost.radius * 1.12 + 3) * unit)
    edge = max(2.4, 0.06 * ghost.radius)
    channels = []
    for strength, spread in zip(ghost.colour, (1.05, 1.0, 0.95), strict=True):
        radius = ghost.radius * spread
        disc = 1 - smoothstep(radius - edge, radius + edge, distance / unit)
        rim = (1 - ghost.ring) + ghost.ring * np.clip(distance / unit / radius, 0, 1) ** 3
        channels.append(strength * disc * rim)
    return np.stack(channels, axis=-1)


def _polar(reach: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Distance (in samples) from the middle of a square, and angle."""
    side = max(1, math.ceil(reach))
    steps = np.arange(2 * side) - side + 0.5
    return np.hypot(steps[None, :], steps[:, None]), np.arctan2(steps[:, None], steps[None, :])
