"""The best that one linear filter does: 7 × 7 weights for each phase, fitted on drawn pictures.

What a network gains beyond it is what needed a network.
"""

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.models.step import Rgb
from scripts.train_super_resolution.degrade import reduce
from scripts.train_super_resolution.pictures import Luma, picture

TAPS = 7
_PICTURES = 48
_FIRST_SEED = 1_000_000
_RIDGE = 1e-3
Weights = NDArray[np.float64]
"""Taps² × scale²."""


def fitted(scale: int, pictures: int = _PICTURES) -> Weights:
    """The least-squares filter from reduced luma to luma, on pictures that no network was trained on."""
    gram, moment = np.zeros((TAPS**2, TAPS**2)), np.zeros((TAPS**2, scale**2))
    for seed in range(_FIRST_SEED, _FIRST_SEED + pictures):
        near, wanted = _equations(picture(seed), scale)
        gram += near.T @ near
        moment += near.T @ wanted
    return np.linalg.solve(gram + _RIDGE * np.eye(TAPS**2), moment)


def _equations(large: Luma, scale: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    small = reduce(large, scale).astype(np.float64)
    return _windows(small), _phases(large.astype(np.float64), scale)


def _windows(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.pad(plane, TAPS // 2, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, (TAPS, TAPS)).reshape(-1, TAPS**2)


def _phases(plane: NDArray[np.float64], scale: int) -> NDArray[np.float64]:
    height, width = (side // scale for side in plane.shape)
    split = plane.reshape(height, scale, width, scale).transpose(0, 2, 1, 3)
    return split.reshape(height * width, scale * scale)


def enlarged(small: Rgb, scale: int, weights: Weights) -> Rgb:
    """The picture enlarged by the filter, its three channels alike."""
    return np.stack([_plane(small[..., c], scale, weights) for c in range(3)], axis=-1)


def _plane(plane: Luma, scale: int, weights: Weights) -> Luma:
    height, width = plane.shape
    phases = (_windows(plane.astype(np.float64)) @ weights).reshape(height, width, scale, scale)
    large = phases.transpose(0, 2, 1, 3).reshape(height * scale, width * scale)
    return np.asarray(np.clip(large + 0.5, 0, 255), np.uint8)
