"""Smooth random curves and fields, seeded: the same picture on every machine."""

from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def curve(positions: Array, seed: int) -> Array:
    """Smooth noise in −1…1 at any positions; one bump per unit."""
    table = np.random.default_rng(seed).uniform(-1, 1, 512)
    whole = np.floor(positions).astype(int)
    share = positions - whole
    blend = share * share * (3 - 2 * share)
    values: Array = table[whole % 512] * (1 - blend) + table[(whole + 1) % 512] * blend
    return values


def fractal(positions: Array, seed: int, octaves: int = 5, roughness: float = 0.5) -> Array:
    """Sum of curves of halving width; about −1…1. `roughness` is the gain from one octave to the next."""
    total = np.zeros_like(positions, dtype=float)
    for octave in range(octaves):
        total += roughness**octave * curve(positions * 2**octave + 37.7 * octave, seed + octave)
    return total * (1 - roughness)


def field(height: int, width: int, cell: float, seed: int) -> Array:
    """A float32 H×W field of smooth noise in about −1…1 with features of `cell` pixels."""
    rows, columns = int(height / cell) + 4, int(width / cell) + 4
    grid = np.random.default_rng(seed).uniform(-1, 1, (rows, columns)).astype(np.float32)
    size = (int(columns * cell), int(rows * cell))
    big = cv2.resize(grid, size, interpolation=cv2.INTER_CUBIC)
    part: Array = big[int(cell) : int(cell) + height, int(cell) : int(cell) + width]
    return part


def mix(first: Array, second: Array, share: Array) -> Array:
    """Linear blend of two colours or pictures."""
    blended: Array = first + (second - first) * share
    return blended


def rgb(text: str) -> Array:
    """`#rrggbb` as three floats in 0…1."""
    return np.frombuffer(bytes.fromhex(text.removeprefix("#")), np.uint8).astype(np.float32) / 255


def ramp(stops: list[tuple[float, str]], positions: Array) -> Array:
    """Colours (…×3, 0…1) at positions along a gradient of (position, `#rrggbb`) stops."""
    places = [place for place, _ in stops]
    colours = np.array([rgb(colour) for _, colour in stops])
    return np.stack([np.interp(positions, places, colours[:, i]) for i in range(3)], axis=-1).astype(np.float32)


def to_bytes(picture: Array) -> Array:
    """Floats in 0…1 as uint8, dithered by a fixed pattern so that wide gradients do not band."""
    scaled = np.multiply(picture, 255, dtype=np.float32)
    scaled += _dither(*picture.shape[:2])
    return np.clip(scaled, 0, 255, out=scaled).astype(np.uint8)


@cache
def _dither(height: int, width: int) -> Array:
    return np.random.default_rng(1).random((height, width, 1), dtype=np.float32)
