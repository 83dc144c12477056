"""Neighbourhood filters: separable weighted sums."""

import math

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, conv2d, pad

REACH_SIGMAS = 4


def gaussian(plane: Tensor, sigma_px: float, *, hold_edges: bool) -> Tensor:
    """Weights exp(−d²/2σ²), normalised, out to 4σ. Beyond the edges lies 0, or the nearest sample."""
    radius = math.ceil(REACH_SIGMAS * sigma_px)
    if sigma_px < 0.05:
        return plane
    distances = torch.arange(-radius, radius + 1, device=plane.device, dtype=torch.float32)
    weights = torch.exp(-(distances**2) / (2 * sigma_px**2))
    weights = (weights / weights.sum()).to(plane.dtype)
    across = conv2d(widened(plane, radius, 0, hold_edges)[None, None], weights[None, None, None, :])
    return conv2d(widened(across[0, 0], 0, radius, hold_edges)[None, None], weights[None, None, :, None])[0, 0]


def box(plane: Tensor, radius_x: int, radius_y: int, *, hold_edges: bool) -> Tensor:
    """Mean over (2·radius_x + 1) × (2·radius_y + 1) samples."""
    across = avg_pool2d(widened(plane, radius_x, 0, hold_edges)[None, None], (1, 2 * radius_x + 1), 1)
    return avg_pool2d(widened(across[0, 0], 0, radius_y, hold_edges)[None, None], (2 * radius_y + 1, 1), 1)[0, 0]


def disc(plane: Tensor, radius_px: float, *, hold_edges: bool) -> Tensor:
    """Mean over a disc whose rim is antialiased over a sample: weights radius + ½ − distance, within 0 and 1."""
    reach = max(0, math.ceil(radius_px - 0.5))
    distances = torch.arange(-reach, reach + 1, device=plane.device, dtype=torch.float32)
    weights = (radius_px + 0.5 - torch.hypot(distances[None, :], distances[:, None])).clamp(0, 1)
    weights = (weights / weights.sum()).to(plane.dtype)
    return conv2d(widened(plane, reach, reach, hold_edges)[None, None], weights[None, None])[0, 0]


def widened(plane: Tensor, x: int, y: int, hold_edges: bool) -> Tensor:
    """The plane with `x` columns and `y` rows of what lies beyond its edges on either side."""
    return padded(plane, (x, x, y, y), hold_edges)


def padded(plane: Tensor, sides: tuple[int, int, int, int], hold_edges: bool) -> Tensor:
    """The plane with what lies beyond its edges: columns left and right, rows above and below."""
    if hold_edges:
        return pad(plane[None, None], sides, mode="replicate")[0, 0]
    return pad(plane, sides)
