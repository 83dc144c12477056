"""Sums of planes: laying over, fading, masking, mixing."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.kernels.cpu.spare import spare
from gpu_tasks.engine.surface import Plane

_BAND_ROWS = 64
"""So many rows are looked up at a time: their indices stay in the processor's cache."""


def over(below: Plane, above: Plane, alpha: Plane) -> None:
    """below = above + below · (1 − alpha), in place; `above` is premultiplied by `alpha`."""
    shows_through = cv2.bitwise_not(alpha, dst=spare(alpha.shape, np.uint8, 0))
    cv2.multiply(below, shows_through, dst=below, scale=1 / 255)
    cv2.add(below, above, dst=below)


def fade(plane: Plane, amount: float, out: Plane | None = None) -> Plane:
    """plane · amount, amount ≥ 0: lowers the opacity of a premultiplied plane."""
    return cv2.convertScaleAbs(plane, dst=out, alpha=amount)


def multiply(plane: Plane, mask: Plane, out: Plane | None = None) -> Plane:
    """plane · mask / 255."""
    return cv2.multiply(plane, mask, dst=out, scale=1 / 255)


def mix(first: Plane, second: Plane, amount: float, out: Plane | None = None) -> Plane:
    """first · (1 − amount) + second · amount."""
    return cv2.addWeighted(first, 1 - amount, second, amount, 0, dst=out)


def toward(plane: Plane, alpha: Plane | None, value: int, amount: float, out: Plane) -> Plane:
    """Mix a premultiplied plane with a constant code value under the same alpha (None = opaque)."""
    if alpha is None:
        return cv2.addWeighted(plane, 1 - amount, plane, 0, value * amount, dst=out)
    return cv2.addWeighted(plane, 1 - amount, alpha, value * amount / 255, 0, dst=out)


def divide(plane: Plane, alpha: Plane, out: Plane) -> Plane:
    """plane · 255 / alpha, 0 where alpha is 0: undoes premultiplication."""
    return cv2.divide(plane, alpha, dst=out, scale=255)


def mix_by(first: Plane, second: Plane, mask: Plane, out: Plane) -> Plane:
    """first · (1 − mask/255) + second · mask/255. `out` may be `first` or `second`."""
    shown = cv2.multiply(second, mask, dst=spare(out.shape, np.uint8, 0), scale=1 / 255)
    hidden = cv2.bitwise_not(mask, dst=spare(out.shape, np.uint8, 1))
    kept = cv2.multiply(first, hidden, dst=hidden, scale=1 / 255)
    return cv2.add(kept, shown, dst=out)


def toward_by(plane: Plane, alpha: Plane | None, value: int, mask: Plane, out: Plane) -> Plane:
    """Mix a premultiplied plane with a constant code value under the same alpha (None = opaque), by mask/255."""
    if alpha is None:
        colour = cv2.convertScaleAbs(mask, dst=spare(out.shape, np.uint8, 0), alpha=value / 255)
    else:
        colour = cv2.multiply(alpha, mask, dst=spare(out.shape, np.uint8, 0), scale=value / 255**2)
    hidden = cv2.bitwise_not(mask, dst=spare(out.shape, np.uint8, 1))
    kept = cv2.multiply(plane, hidden, dst=hidden, scale=1 / 255)
    return cv2.add(kept, colour, dst=out)


def add(first: Plane, second: Plane, out: Plane | None = None) -> Plane:
    """first + second, at most 255."""
    return cv2.add(first, second, dst=out)


def subtract(first: Plane, second: Plane, out: Plane | None = None) -> Plane:
    """first − second, at least 0."""
    return cv2.subtract(first, second, dst=out)


def difference(first: Plane, second: Plane, out: Plane | None = None) -> Plane:
    """|first − second|."""
    return cv2.absdiff(first, second, dst=out)


def lighten(first: Plane, second: Plane, out: Plane | None = None) -> Plane:
    """The larger of the two."""
    return cv2.max(first, second, dst=out)


def darken(first: Plane, second: Plane, out: Plane | None = None) -> Plane:
    """The smaller of the two."""
    return cv2.min(first, second, dst=out)


def invert(plane: Plane, out: Plane | None = None) -> Plane:
    """255 − plane."""
    return cv2.bitwise_not(plane, dst=out)


def by_table(below: Plane, above: Plane, table: Plane, out: Plane) -> Plane:
    """table[below, above] for a 256 × 256 table: any function of two code values, exact to its rounding."""
    flat = table.reshape(-1)
    for top in range(0, out.shape[0], _BAND_ROWS):
        band = slice(top, top + _BAND_ROWS)
        shape = out[band].shape
        pairs = cv2.merge([above[band], below[band]], dst=spare((*shape, 2), np.uint8, 0))
        # Indices of any other type would be converted into new memory, eight bytes for each pixel.
        places = spare(shape, np.intp, 0)
        np.copyto(places, pairs.view("<u2")[..., 0])
        np.take(flat, places, out=out[band], mode="clip")
    return out


def copy(plane: Plane, out: Plane) -> Plane:
    np.copyto(out, plane)
    return out


def fill(out: Plane, value: int) -> Plane:
    out.fill(value)
    return out


def empty(shape: tuple[int, ...]) -> Plane:
    """A plane of the executor's own memory, its content undefined."""
    return np.empty(shape, np.uint8)


def upload(array: NDArray[Any]) -> NDArray[Any]:
    """A table, mask or field that was made with numpy, where the kernels can read it."""
    return np.ascontiguousarray(array)
