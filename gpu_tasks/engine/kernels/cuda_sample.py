"""What the definitions do plainly and slowly, done as a GPU likes it: one look-up for each sample, reduced blurs."""

import math
from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, grid_sample, interpolate

from gpu_tasks.engine.kernels.definition.filter import disc, gaussian, padded
from gpu_tasks.timeline.transforms import Affine, Projective

Size = tuple[int, int]
Lattice = Tensor
"""Where each sample of a plane looks: 1 × height × width × (x, y), the source's edges being −1 and 1. float32."""

REDUCED_SIGMA_PX = 4.0
REDUCED_RADIUS_PX = 10.0


@lru_cache(maxsize=4)
def projected(matrix: Projective, source: tuple[int, ...], size: Size, device: torch.device) -> Lattice:
    """Target centre (x+½, y+½) looks at the inverse of `matrix`, in a source of (height, width). Planes share it."""
    to_unit = Projective.of(Affine(a=2 / source[1], c=-1, e=2 / source[0], f=-1))
    inverse = matrix.inverse().then(to_unit).rows
    # Rows and columns are added up in float64, which costs nothing in one dimension.
    across = torch.arange(size[0], dtype=torch.float64, device=device)[None, :] + 0.5
    down = torch.arange(size[1], dtype=torch.float64, device=device)[:, None] + 0.5
    x, y, w = ((a * across + c).float() + (b * down).float() for a, b, c in inverse)
    is_affine = matrix.rows[2] == (0.0, 0.0, 1.0)
    return torch.stack([x, y] if is_affine else [x / w, y / w], dim=-1)[None]


def lattice_of(places: Tensor, source: tuple[int, ...]) -> Lattice:
    """The lattice of sample indices (height × width × (x, y); 0 is a sample's centre) in a source of that shape."""
    half, scale = _to_units(source, places.device)
    return torch.addcmul(half, places, scale)[None]


@lru_cache(maxsize=32)
def _to_units(source: tuple[int, ...], device: torch.device) -> tuple[Tensor, Tensor]:
    sides = torch.tensor([source[1], source[0]], dtype=torch.float32, device=device)
    return (1 / sides - 1, 2 / sides)


def bilinear(plane: Tensor, lattice: Lattice, *, hold_edges: bool) -> Tensor:
    """The float32 plane where the lattice looks. Outside lies 0, or the nearest sample."""
    edges = "border" if hold_edges else "zeros"
    return grid_sample(plane[None, None], lattice, "bilinear", edges, align_corners=False)[0, 0]


def wide_gaussian(plane: Tensor, sigma_px: float, *, hold_edges: bool) -> Tensor:
    """Gaussian blur; a wide one on a reduced copy, whose own softness is part of the blur."""
    step = max(1, int(sigma_px / REDUCED_SIGMA_PX))
    if step == 1:
        return gaussian(plane, sigma_px, hold_edges=hold_edges)
    # Variances add: the box of the reduction step²/12, the triangle of the enlargement step²/6.
    left = math.sqrt(sigma_px**2 - step**2 / 4) / step
    return _on_reduced(plane, step, hold_edges, lambda small: gaussian(small, left, hold_edges=hold_edges))


def wide_disc(plane: Tensor, radius_px: float, *, hold_edges: bool) -> Tensor:
    """Mean over a disc, whose variance is radius²/4; a wide one on a reduced copy."""
    step = max(1, int(radius_px / REDUCED_RADIUS_PX))
    if step == 1:
        return disc(plane, radius_px, hold_edges=hold_edges)
    left = math.sqrt(radius_px**2 - step**2) / step
    return _on_reduced(plane, step, hold_edges, lambda small: disc(small, left, hold_edges=hold_edges))


def _on_reduced(plane: Tensor, step: int, hold_edges: bool, blur: Callable[[Tensor], Tensor]) -> Tensor:
    """Blur the means of step × step samples and interpolate between them."""
    height, width = plane.shape
    # A margin all round: half a reduced sample inside the edge the picture still depends on what lies outside.
    wide = padded(plane, (step, step - width % -step, step, step - height % -step), hold_edges)
    blurred = blur(avg_pool2d(wide[None, None], step)[0, 0])
    large = interpolate(blurred[None, None], wide.shape, mode="bilinear", align_corners=False)[0, 0]
    return large[step : step + height, step : step + width]
