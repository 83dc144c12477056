"""Smooth steps: Hermite's 3 t² - 2 t³, which leaves 0 and reaches 1 without a bend."""

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float64]


def soft(t: Field) -> Field:
    """0 up to 0, 1 from 1 on, a smooth step between."""
    t = np.clip(t, 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def ramp(value: float, zero: float, one: float) -> float:
    """A smooth step of a number, from 0 at `zero` to 1 at `one`, in either direction."""
    return float(soft(np.asarray((value - zero) / (one - zero))))
