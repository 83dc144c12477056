"""Faster or slower sound at the same pitch: WSOLA (Verhelst and Roelands, 1993).

Not libavfilter's atempo: measured on beeps, it places them 10 to 25 ms early, by an amount that varies with the
tempo and the material. Here each output window is cut around the input instant that belongs to it, and moves only
where that makes the waveform continue better, so a beep behind silence stays where it belongs.
"""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.media.audio_channels import Samples

HOP = 720
WINDOW = 2 * HOP
SEARCH = 360
_COARSE = 4
# Where a window's rise meets an onset, measured on beeps: slowed down, the onset would sound early by nearly half a
# window times (1 / speed − 1); speeded up, a little late. These shares of it are taken back.
_ONSET_SLOWER = Fraction(95, 100)
_ONSET_FASTER = Fraction(4, 10)
# Prefers the nearer of two equally good places, by far less than a real difference in likeness.
_DISTANCE_COST = 1e-3
_SILENCE = 1e-9


class Stretcher:
    """Reads stereo from `source` and returns it `speed` times as fast, 0.25 to 4.

    `source(count)` returns the next count×2 samples, forever.
    """

    def __init__(self, source: Callable[[int], Samples], speed: Fraction) -> None:
        self._source = source
        self._speed = speed
        self._delay = HOP * (1 - speed) * (_ONSET_SLOWER if speed < 1 else _ONSET_FASTER)
        self._input: Samples = np.zeros((WINDOW + SEARCH, 2), dtype=np.float32)
        self._input_start = -(WINDOW + SEARCH)
        self._window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)[:, None]
        self._next_frame = 0
        self._last_cut = -HOP
        self._tail: Samples = (self._cut(-HOP) * self._window)[HOP:]
        self._ready: Samples = np.zeros((0, 2), dtype=np.float32)

    def read(self, count: int) -> Samples:
        """The next `count` output samples, count×2."""
        pieces = [self._ready]
        have = len(self._ready)
        while have < count:
            pieces.append(self._advance())
            have += HOP
        joined = np.concatenate(pieces)
        self._ready = joined[count:]
        return joined[:count]

    def _advance(self) -> Samples:
        """One more hop of output: the falling half of the last window and the rising half of the next."""
        nominal = round((self._next_frame * HOP + HOP) * self._speed - self._delay) - HOP
        cut = nominal + self._best_shift(nominal)
        self._next_frame += 1
        self._last_cut = cut
        shaped: Samples = self._cut(cut) * self._window
        ready: Samples = self._tail + shaped[:HOP]
        self._tail = shaped[HOP:]
        return ready

    def _best_shift(self, nominal: int) -> int:
        """How far to move the next window, so that it continues the last one: coarse at 12 kHz, then to the sample."""
        wanted = _mono(self._cut(self._last_cut + HOP))
        field = _mono(self._span(nominal - SEARCH, WINDOW + 2 * SEARCH))
        shifts = np.arange(-SEARCH, SEARCH + 1, _COARSE)
        coarse = shifts[_likeliest(_thinned(field), _thinned(wanted), shifts)]
        shifts = np.arange(max(coarse - _COARSE + 1, -SEARCH), min(coarse + _COARSE, SEARCH + 1))
        near = field[shifts[0] + SEARCH : shifts[-1] + SEARCH + WINDOW]
        return int(shifts[_likeliest(near, wanted, shifts)])

    def _cut(self, start: int) -> Samples:
        return self._span(start, WINDOW)

    def _span(self, start: int, count: int) -> Samples:
        """Input samples from `start`; what lies before every window to come is forgotten."""
        missing = start + count - self._input_start - len(self._input)
        if missing > 0:
            oldest = min(self._last_cut, start) - HOP
            kept = self._input[max(0, oldest - self._input_start) :]
            self._input_start += len(self._input) - len(kept)
            self._input = np.concatenate([kept, self._source(missing + WINDOW)])
        first = start - self._input_start
        return self._input[first : first + count]


def _mono(stereo: Samples) -> Samples:
    return stereo[:, 0] + stereo[:, 1]


def _thinned(signal: Samples) -> Samples:
    thinned: Samples = signal[: len(signal) // _COARSE * _COARSE].reshape(-1, _COARSE).sum(axis=1)
    return thinned


def _likeliest(field: Samples, wanted: Samples, shifts: NDArray[np.int64]) -> int:
    """The index of the shift whose stretch of `field` correlates best with `wanted`, normalised by its energy."""
    match = np.correlate(field, wanted, "valid")
    energy = np.correlate(field * field, np.ones_like(wanted), "valid")
    likeness = match / np.sqrt(energy * np.dot(wanted, wanted) + _SILENCE)
    return int(np.argmax(likeness - _DISTANCE_COST * np.abs(shifts) / SEARCH))
