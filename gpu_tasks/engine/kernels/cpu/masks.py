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
