"""What a comparison found, and the measures."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]
Size = tuple[int, int]
"""Width and height in pixels."""

SAME_OPERATION_DB: Final = 45.0
"""The bar wherever the reference does what we do: the difference cannot be seen."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison: `value` in `unit` must reach `bar`, or stay below it where less is better."""

    operation: str
    reference: str
    value: float
    unit: str
    bar: float
    more_is_better: bool

    @property
    def passed(self) -> bool:
        return self.value >= self.bar if self.more_is_better else self.value <= self.bar


def alike(operation: str, reference: str, ours: Iterable[Array], theirs: Iterable[Array]) -> Finding:
    """Peak signal-to-noise ratio over all samples of all planes (peak 255)."""
    return Finding(operation, reference, psnr_db(ours, theirs), "dB", SAME_OPERATION_DB, more_is_better=True)


def within(operation: str, reference: str, value: float, unit: str, bar: float) -> Finding:
    """An error that must not exceed the bar."""
    return Finding(operation, reference, value, unit, bar, more_is_better=False)


def psnr_db(ours: Iterable[Array], theirs: Iterable[Array]) -> float:
    total, count = 0.0, 0
    for a, b in zip(ours, theirs, strict=True):
        if a.shape != b.shape:
            raise ValueError(f"planes of {a.shape} and {b.shape} cannot be compared")
        total += float(((a.astype(np.float64) - b.astype(np.float64)) ** 2).sum())
        count += a.size
    return inf if total == 0 else 10 * log10(255**2 * count / total)


def inner(planes: Iterable[Array], margin_px: int) -> list[Array]:
    """Planes without their edges, where filters differ in what they think lies outside."""
    return [plane[margin_px:-margin_px, margin_px:-margin_px] for plane in planes]
