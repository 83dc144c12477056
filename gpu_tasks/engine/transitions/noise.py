"""Smooth random fields, the same at every resolution."""

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.transitions.reveal import Grid, Raster


def clouds(at: Raster, random: np.random.Generator, cells: float, octaves: int, roughness: float = 0.5) -> Grid:
    """Fractal value noise from 0 to 1 (K. Perlin, "An Image Synthesizer", 1985): sums of ever finer random lattices.

    The coarsest has `cells` cells along the box's shorter side; each finer one weighs `roughness` of the one before.
    """
    side = 2 * min(at.half_width, at.half_height)
    total = np.zeros((at.y.shape[0], at.x.shape[1]), np.float32)
    for octave in range(octaves):
        cell_px = side / (cells * 2**octave)
        # The lattice is laid out in cells from the centre, so that luma and chroma read the same one.
        reach = [int(np.ceil(half / cell_px)) + 2 for half in (at.half_width, at.half_height)]
        lattice = random.random((2 * reach[1] + 1, 2 * reach[0] + 1), np.float32) - 0.5
        across = _weights(at.x[0] / cell_px + reach[0], lattice.shape[1])
        down = _weights(at.y[:, 0] / cell_px + reach[1], lattice.shape[0])
        total += roughness**octave * (down @ lattice @ across.T)
    return stretched(total)


def stretched(field: Grid) -> Grid:
    """Shifted and scaled to fill 0 to 1, but for the rarest hundredth at each end, which is cut."""
    low, high = np.quantile(field, [0.005, 0.995])
    return np.asarray(np.clip((field - low) / max(float(high - low), 1e-6), 0, 1), np.float32)


def evened(field: Grid, share: float = 1.0) -> Grid:
    """Retimed so that the picture turns over at a steady rate: each value by its rank, as far as `share` says."""
    ranks = np.linspace(0, 1, 65)
    even = np.interp(field, np.quantile(field, ranks), ranks)
    return np.asarray(field * (1 - share) + even * share, np.float32)


def _weights(positions: NDArray[np.float32], count: int) -> Grid:
    """Interpolation along one axis as a matrix: smoothstep between the two lattice points around each position."""
    below = np.clip(np.floor(positions).astype(np.intp), 0, count - 2)
    share = (positions - below).astype(np.float32)
    share = share * share * (3 - 2 * share)
    weights = np.zeros((positions.size, count), np.float32)
    weights[np.arange(positions.size), below] = 1 - share
    weights[np.arange(positions.size), below + 1] = share
    return weights
