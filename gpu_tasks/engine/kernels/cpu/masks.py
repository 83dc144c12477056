"""Coverage masks, made once for each shape and kept."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.kernels.cpu.sample import subsample
from gpu_tasks.engine.surface import Plane


@lru_cache(maxsize=32)
def rounded_mask(width: int, height: int, radius_px: float, subsampling: int) -> tuple[Plane, Plane]:
    """Coverage (0-255) of a rectangle with round corners at luma and chroma size, antialiased over one pixel."""
    return _coverage(-_distance(width, height, 0, radius_px), subsampling)


@lru_cache(maxsize=32)
def full_mask(width: int, height: int) -> Plane:
    """Coverage of everything: 255 all over. Shared: read only."""
    mask = np.full((height, width), 255, np.uint8)
    mask.flags.writeable = False
    return mask


@lru_cache(maxsize=32)
def ring_mask(width: int, height: int, radius_px: float, width_px: float, subsampling: int) -> tuple[Plane, Plane]:
    """Coverage of the band of `width_px` along the inside of a rectangle with round corners, at luma and chroma size.

    Outside of the round corners it covers too, so that cutting them off leaves no seam.
    """
    band = min(width_px, min(width, height) / 2)
    return _coverage(_distance(width, height, band, max(radius_px - band, 0.0)), subsampling)


def _distance(width: int, height: int, band: float, radius: float) -> NDArray[np.float32]:
    """How far outside a rectangle with round corners, `band` within the picture, each sample's centre lies."""
    x = np.abs(np.arange(width, dtype=np.float32) + 0.5 - width / 2) - (width / 2 - band - radius)
    y = np.abs(np.arange(height, dtype=np.float32) + 0.5 - height / 2) - (height / 2 - band - radius)
    outside = np.hypot(np.maximum(x, 0)[None, :], np.maximum(y, 0)[:, None])
    return outside + np.minimum(np.maximum(x[None, :], y[:, None]), 0) - radius


def _coverage(within: NDArray[np.float32], subsampling: int) -> tuple[Plane, Plane]:
    luma = np.rint(np.clip(within + 0.5, 0, 1) * 255).astype(np.uint8)
    return luma, luma if subsampling == 1 else subsample(luma)
