"""Coverage masks, made once for each shape and kept."""

from functools import lru_cache

import numpy as np

from gpu_tasks.engine.kernels.cpu.sample import subsample
from gpu_tasks.engine.surface import Plane


@lru_cache(maxsize=32)
def rounded_mask(width: int, height: int, radius_px: float, subsampling: int) -> tuple[Plane, Plane]:
    """Coverage (0-255) of a rectangle with round corners at luma and chroma size, antialiased over one pixel."""
    x = np.arange(width, dtype=np.float32) + 0.5
    y = np.arange(height, dtype=np.float32) + 0.5
    dx = np.maximum(np.maximum(radius_px - x, x - (width - radius_px)), 0)
    dy = np.maximum(np.maximum(radius_px - y, y - (height - radius_px)), 0)
    distance = np.hypot(dx[None, :], dy[:, None])
    coverage = np.clip(radius_px - distance + 0.5, 0, 1)
    luma = np.rint(coverage * 255).astype(np.uint8)
    return luma, luma if subsampling == 1 else subsample(luma)


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
    inner = (max(width - 2 * band, 0.0), max(height - 2 * band, 0.0))
    radius = max(radius_px - band, 0.0)
    x = np.abs(np.arange(width, dtype=np.float32) + 0.5 - width / 2) - (inner[0] / 2 - radius)
    y = np.abs(np.arange(height, dtype=np.float32) + 0.5 - height / 2) - (inner[1] / 2 - radius)
    outside = np.hypot(np.maximum(x, 0)[None, :], np.maximum(y, 0)[:, None])
    distance = outside + np.minimum(np.maximum(x[None, :], y[:, None]), 0) - radius
    luma = np.rint(np.clip(distance + 0.5, 0, 1) * 255).astype(np.uint8)
    return luma, luma if subsampling == 1 else subsample(luma)
