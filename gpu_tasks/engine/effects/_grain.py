"""Film grain: noise tiles that are made once and cropped elsewhere in every frame."""

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects.base import Moment

MIN_PERIOD_PX = 256
_SOFTEST_SHARE = 1 / 16
"""No grain is larger than this share of a tile, so that the noise never looks periodic."""

_QUARTER_WIDTH = 2 * (2 * np.log(4)) ** 0.5
"""Across which a Gaussian stays above a quarter of its height, in its deviations."""

Noise = NDArray[np.int8] | NDArray[np.int16]


def grain(
    picture_plane_shape: tuple[int, ...],
    moment: Moment,
    sigma: float,
    size_units: float,
    *,
    salt: str = "grain",
    frame: int | None = None,
) -> Noise:
    """Gaussian noise for `Kernels.add_grain` on a plane of this shape; a view, valid for ever, never to be written to.

    `sigma` is its standard deviation in code values; 0 gives zeros. `size_units` is the diameter of a grain in units
    of 1/720 of the shorter side (`moment.unit_px`), out to where it has faded to a quarter; for chroma planes divided
    by their subsampling; grains smaller than a pixel become white noise. Two planes need two salts, else they get the
    same grain. Every frame has its own, all of them that of `frame` where it is given (-1: it stands still).
    """
    height, width = picture_plane_shape
    diameter_px = size_units * moment.unit_px
    period = _period_px(diameter_px, max(height, width))
    key = ("grain", salt, picture_plane_shape, round(sigma, 3), round(diameter_px, 3))
    tile = moment.scratch.kept(
        key, lambda: moment.k.upload(_tile(height, width, period, sigma, diameter_px, _seed(moment, salt)))
    )
    top, left = moment.random(f"{salt}-place", frame).integers(0, period, 2)
    return cast(Noise, tile[top : top + height, left : left + width])


def _seed(moment: Moment, salt: str) -> np.random.Generator:
    return moment.random(salt, -1)


def _period_px(diameter_px: float, length_px: int) -> int:
    """After how many pixels the noise repeats: a power of two that suits both the grain and the picture."""
    wanted = max(MIN_PERIOD_PX, diameter_px / _SOFTEST_SHARE, min(length_px / 2, 1024))
    return 1 << int(np.ceil(np.log2(wanted)))


def _tile(height: int, width: int, period: int, sigma: float, diameter_px: float, random: np.random.Generator) -> Noise:
    """Noise of height + period rows and width + period columns that repeats seamlessly."""
    steps = np.rint(_periodic(period, diameter_px, random) * sigma)
    # Half the memory for all but the coarsest noise: reading the tile is what adding it costs.
    cell = steps.astype(np.int8 if np.abs(steps).max() <= np.iinfo(np.int8).max else np.int16)
    rows, columns = height + period, width + period
    return np.tile(cell, (-(-rows // period), -(-columns // period)))[:rows, :columns]


def _periodic(period: int, diameter_px: float, random: np.random.Generator) -> NDArray[Any]:
    """A square of noise of mean 0 and deviation 1, low-passed by a Gaussian that falls to a quarter across a grain."""
    noise = random.standard_normal((period, period), dtype=np.float32)
    # A pixel is itself a box of variance 1/12: small and large pictures show the same blur, where that is possible.
    variance_px = (diameter_px / _QUARTER_WIDTH) ** 2 - 1 / 12
    if variance_px > 0:
        noise = _low_passed(noise, variance_px)
    return np.asarray((noise - noise.mean()) / noise.std(), np.float32)


def _low_passed(noise: NDArray[np.float32], variance_px: float) -> NDArray[Any]:
    period = len(noise)
    across, down = np.fft.rfftfreq(period)[None, :], np.fft.fftfreq(period)[:, None]
    kept = np.exp(-2 * np.pi**2 * variance_px * (across**2 + down**2))
    return np.fft.irfft2(np.fft.rfft2(noise) * kept, s=(period, period))
