"""Colour tables for tests, as files and as arrays."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def grid(size: int) -> Values:
    """The 3D table that changes nothing: size × size × size × 3, indexed [red, green, blue]."""
    ramp = np.linspace(0, 1, size)
    return np.stack(np.meshgrid(ramp, ramp, ramp, indexing="ij"), axis=-1)


def teal_and_orange(size: int) -> Values:
    """A look as graders make them: an S-curve, cool shadows, warm lights, and no straight lines."""
    rgb = grid(size) ** np.array([0.9, 1.0, 1.15])
    curved = rgb * rgb * (3 - 2 * rgb)
    luma = (rgb @ np.array([0.2126, 0.7152, 0.0722]))[..., None]
    tint = np.array([0.0, 0.45, 0.5]) * (1 - luma) + np.array([1.0, 0.6, 0.3]) * luma
    return np.clip(0.75 * curved + 0.25 * tint * (0.4 + 0.9 * luma), 0, 1)


def curves(size: int) -> Values:
    """A 1D table, size × 3: another gamma for each channel."""
    ramp = np.linspace(0, 1, size)
    return np.stack([ramp**0.6, ramp, ramp**1.5], axis=-1)


def text_of(values: Values, *header: str, line_end: str = "\n") -> str:
    size, is_3d = len(values), values.ndim == 4
    rows = (values.transpose(2, 1, 0, 3) if is_3d else values).reshape(-1, 3)
    return line_end.join([*header, f"LUT_{3 if is_3d else 1}D_SIZE {size}", *_lines(rows), ""])


def _lines(rows: Values) -> Iterable[str]:
    return (" ".join(f"{value:.6f}" for value in row) for row in rows)


def make_cube(path: Path, values: Values, *header: str) -> Path:
    path.write_text(text_of(values, *header), "utf-8")
    return path
