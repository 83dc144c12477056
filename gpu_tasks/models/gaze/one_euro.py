"""The one-euro filter: smooth while a value rests, quick while it moves.

Casiez, Roussel and Vogel, "1 € Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive Systems",
CHI 2012. A low-pass filter of first order whose cutoff grows with the value's own speed.
"""

from math import pi


def smoothing(cutoff_hz: float, elapsed_s: float) -> float:
    """The weight of the newest sample in a low-pass filter of first order: 0 to 1 (equation 2 and 3 of the paper)."""
    time_constant_s = 1 / (2 * pi * cutoff_hz)
    return 1 / (1 + time_constant_s / elapsed_s)


class OneEuro:
    """Filters a number over time, at any spacing of the samples.

    `min_cutoff_hz` rules the jitter at rest, `beta` (per unit of the value) the lag in motion, `speed_cutoff_hz` how
    fast the speed itself is believed.
    """

    def __init__(self, min_cutoff_hz: float, beta: float, speed_cutoff_hz: float = 1.0) -> None:
        self._min_cutoff_hz = min_cutoff_hz
        self._beta = beta
        self._speed_cutoff_hz = speed_cutoff_hz
        self._speed = 0.0
        self._time_s = 0.0
        self.value: float | None = None

    def update(self, sample: float, time_s: float) -> float:
        """Take a sample and return the filtered value. The first passes as it is; one at no later time is ignored."""
        elapsed_s = time_s - self._time_s
        if self.value is None:
            self.value, self._time_s = sample, time_s
        elif elapsed_s > 0:
            self.value += self._weight(sample - self.value, elapsed_s) * (sample - self.value)
            self._time_s = time_s
        return self.value

    def jump(self, value: float) -> None:
        """Be at a value at once, and at rest."""
        self.value, self._speed = value, 0.0

    def _weight(self, step: float, elapsed_s: float) -> float:
        self._speed += smoothing(self._speed_cutoff_hz, elapsed_s) * (step / elapsed_s - self._speed)
        return smoothing(self._min_cutoff_hz + self._beta * abs(self._speed), elapsed_s)
