"""Pictures as lines of a signal: bands that slip sideways, and noise that belongs to no picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from gpu_tasks.engine.effects._overlay import Reals
from gpu_tasks.engine.effects._tone import codes
from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.timeline.transforms import translation

MOST_SHIFT_PX = 256
"""How much larger than the picture its tiles of noise are, to be shown from ever other places."""


@dataclass(frozen=True, slots=True)
class Slip:
    """Rows `top` to `bottom` (even, but for the last) move right by `shift_px`."""

    top: int
    bottom: int
    shift_px: float


def slipped(k: Kernels, picture: Surface, slips: Sequence[Slip], out: Surface) -> Surface:
    """Move bands of rows, which cover the picture; at the sides the outermost colours are held."""
    planes = zip(picture.every_plane(), out.every_plane(), strict=True)
    for index, (plane, target) in enumerate(planes):
        step = picture.subsampling if index in (1, 2, 4) else 1
        for slip in slips:
            rows = slice(slip.top // step, -(-slip.bottom // step))
            slide(k, plane[rows], slip.shift_px / step, target[rows])
    return out


def slide(k: Kernels, plane: Plane, shift: float, out: Plane) -> Plane:
    """Move a plane right by a fraction or more of a sample; at the sides the outermost values are held."""
    if not shift:
        return k.copy(plane, out)
    return k.warp(plane, translation(shift, 0), (plane.shape[1], plane.shape[0]), hold_edges=True, out=out)


def bands(height: int, band_px: float) -> list[tuple[int, int]]:
    """Top and bottom of bands of about `band_px`, on even rows, that cover a height."""
    step = max(2, round(band_px / 2) * 2)
    return [(top, min(top + step, height)) for top in range(0, height, step)]


@dataclass(frozen=True, slots=True)
class Noise:
    """Noise of a signal: its deviation in code values, and how long and high its blots are, in pixels."""

    name: str
    sigma: float
    across_px: float
    down_px: float


def noisy(plane: Plane, alpha: Plane | None, noise: Noise, step: int, moment: Moment) -> None:
    """Add noise to a premultiplied plane, in place; every `step` has its own."""
    k = moment.k
    tile = _tile(noise, plane.shape, signed=alpha is None, moment=moment)
    random = moment.random(f"{noise.name}-place", step)
    height, width = plane.shape
    top, left = (int(random.integers(0, tile.shape[axis] - plane.shape[axis])) for axis in (0, 1))
    window = tile[top : top + height, left : left + width]
    if alpha is None:
        k.add_grain(plane, window, plane)
        return
    shown = k.multiply(window, alpha, moment.scratch.plane("noise", plane.shape))
    k.weigh((plane, shown, alpha), (1, 1, -128 / 255), 0, plane)
    k.darken(plane, alpha, plane)


def _tile(noise: Noise, shape: tuple[int, ...], *, signed: bool, moment: Moment) -> Any:
    """Noise somewhat larger than `shape`: signed steps, or code values around 128."""

    def make() -> Any:
        size = tuple(length + min(length // 2, MOST_SHIFT_PX) + 2 for length in shape)
        white = moment.random(noise.name, -1).standard_normal(size, dtype=np.float32)
        soft = stretched(white, noise.across_px / 2.355, noise.down_px / 2.355)
        steps = np.rint(soft * (noise.sigma / max(float(soft.std()), 1e-6)))
        return moment.k.upload(steps.astype(np.int16) if signed else codes(steps + 128))

    return moment.scratch.kept((noise, shape, signed), make)


def stretched(values: Reals, sigma_x: float, sigma_y: float) -> Reals:
    """Gaussian blur with two deviations, in samples; less than a third of a sample blurs nothing."""
    for sigma, across in ((sigma_x, True), (sigma_y, False)):
        if sigma >= 1 / 3:
            taps = 2 * int(np.ceil(3 * sigma)) + 1
            values = cv2.GaussianBlur(values, (taps, 1) if across else (1, taps), sigma)
    return values
