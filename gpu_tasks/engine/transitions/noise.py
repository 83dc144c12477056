"""Smooth random fields, the same at every resolution."""

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.transitions.reveal import Grid, Raster


def clouds(at: Raster, random: np.random.Generator, cells: float, octaves: int, roughness: float = 0.5) -> Grid:
    """Fractal value noise within −1 to 1 (K. Perlin, "An Image Synthesizer", 1985): sums of ever finer random lattices.

    The coarsest has `cells` cells along the box's shorter side; each finer one weighs `roughness` of the one before.
    """
    side = 2 * min(at.half_width, at.half_height)
    total = np.zeros((at.y.shape[0], at.x.shape[1]), np.float32)
    for octave in range(octaves):
        cell_px = side / (cells * 2**octave)
        # One lattice for every shape of box, laid out from its centre; pictures wider than 4:1 see it repeat.
        points = int(np.ceil(cells * 4)) * 2**octave
        lattice = random.random((points, points), np.float32) - 0.5
        across, down = _weights(at.x[0] / cell_px, points), _weights(at.y[:, 0] / cell_px, points)
        total += roughness**octave * (down @ lattice @ across.T)
    return np.asarray(total / sum(roughness**octave / 2 for octave in range(octaves)), np.float32)


def _weights(positions: NDArray[np.float32], count: int) -> Grid:
    """Interpolation along one axis as a matrix: smoothstep between the two of `count` points around each position."""
    below = np.floor(positions).astype(np.intp)
    share = (positions - below).astype(np.float32)
    share = share * share * (3 - 2 * share)
    weights = np.zeros((positions.size, count), np.float32)
    weights[np.arange(positions.size), below % count] = 1 - share
    weights[np.arange(positions.size), (below + 1) % count] = share
    return weights
