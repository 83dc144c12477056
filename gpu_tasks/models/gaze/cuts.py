"""Tells where one shot ends and another begins, from small copies of the pictures."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.models.step import Rgb

_SIZE: Final = (32, 18)
_LEAST_CHANGE: Final = 24.0
"""Mean difference of code values between two small copies: a fast pan stays below, another scene rarely does."""


class CutDetector:
    """Compares every picture with the one before."""

    def __init__(self) -> None:
        self._before: NDArray[np.float32] | None = None

    def is_cut(self, rgb: Rgb) -> bool:
        """Whether this picture begins a new shot. The first one does not: nothing went before it."""
        now = cv2.resize(rgb, _SIZE, interpolation=cv2.INTER_AREA).astype(np.float32)
        before, self._before = self._before, now
        return before is not None and float(np.abs(now - before).mean()) > _LEAST_CHANGE
