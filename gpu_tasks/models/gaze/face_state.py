"""What is remembered of one face from picture to picture: how far its gaze was off, and how much of that was mended."""

from typing import Final

import numpy as np

from gpu_tasks.models.gaze.estimate import Gaze
from gpu_tasks.models.gaze.fade import LARGEST_OFFSET, face_strength, is_readable
from gpu_tasks.models.gaze.one_euro import OneEuro

_REST_HZ: Final = 1.0
_BETA_PER_D: Final = 1.5
_SPEED_HZ: Final = 3.0
_FADE_IN_HZ: Final = 2.0
_SACCADE: Final = 0.15
"""In D: no reading is off by so much, so that a difference as large, seen twice, is a move of the eyes."""


class FaceState:
    """Smooths the readings of a face. `fades_in`: it appeared within a shot and must not be changed at once."""

    def __init__(self, *, fades_in: bool) -> None:
        self._offset = OneEuro(_REST_HZ, _BETA_PER_D, _SPEED_HZ)
        self._strength = OneEuro(_FADE_IN_HZ, 0.0)
        self._fades_in = fades_in
        self._surprise = 0.0

    def correction(self, gaze: Gaze, time_s: float) -> float:
        """How far the irises are to be moved to the right, in D: all of it for an intensity of 1.

        While the eyes are closed the last offset is kept: whoever blinks goes on looking where he looked.
        """
        if is_readable(gaze):
            self._take(gaze.offset, time_s)
        if self._offset.value is None:
            return 0.0
        offset = self._offset.value
        return -self._faded(face_strength(gaze, offset), time_s) * float(
            np.clip(offset, -LARGEST_OFFSET, LARGEST_OFFSET)
        )

    def _take(self, offset: float, time_s: float) -> None:
        surprise = 0.0 if self._offset.value is None else offset - self._offset.value
        if min(abs(surprise), abs(self._surprise)) > _SACCADE and surprise * self._surprise > 0:
            self._offset.jump(offset)
            surprise = 0.0
        self._surprise = surprise
        self._offset.update(offset, time_s)

    def _faded(self, strength: float, time_s: float) -> float:
        """What rises too fast is held back; what falls is not, so that nothing is done where nothing must be."""
        if self._strength.value is None and self._fades_in:
            self._strength.update(0.0, time_s)
        return min(strength, self._strength.update(strength, time_s))
