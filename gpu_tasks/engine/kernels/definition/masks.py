"""Coverage of shapes: distance to the outline, antialiased over one pixel."""

import torch
from torch import Tensor

from gpu_tasks.engine.kernels.definition.resize import subsample


def full_mask(width: int, height: int) -> Tensor:
    return torch.full((height, width), 255.0)


def rounded_mask(width: int, height: int, radius_px: float, subsampling: int) -> tuple[Tensor, Tensor]:
    """A rectangle with round corners, at luma and chroma size."""
    return _sited((0.5 - _distance(width, height, 0, radius_px)).clamp(0, 1) * 255, subsampling)


def ring_mask(width: int, height: int, radius_px: float, width_px: float, subsampling: int) -> tuple[Tensor, Tensor]:
    """Everything but a rectangle with round corners that lies `width_px` further in on all sides."""
    band = min(width_px, min(width, height) / 2)
    distance = _distance(width, height, band, max(radius_px - band, 0.0))
    return _sited((0.5 + distance).clamp(0, 1) * 255, subsampling)


def _distance(width: int, height: int, band: float, radius: float) -> Tensor:
    """How far outside a rectangle with round corners, `band` within the picture, each sample's centre lies."""
    x = (torch.arange(width) + 0.5 - width / 2).abs()[None, :] - (width / 2 - band - radius)
    y = (torch.arange(height) + 0.5 - height / 2).abs()[:, None] - (height / 2 - band - radius)
    return torch.hypot(x.clamp(min=0), y.clamp(min=0)) + torch.maximum(x, y).clamp(max=0) - radius


def _sited(luma: Tensor, subsampling: int) -> tuple[Tensor, Tensor]:
    return luma, luma if subsampling == 1 else subsample(luma)
