"""A look-ahead limiter: what stays below full scale passes untouched, what exceeds it is turned down in time."""

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.media.audio_channels import Samples

HOP = 48
LOOK_AHEAD_HOPS = 5
CEILING = 1.0
# Per millisecond; back to full level in about 100 ms.
_RELEASE = 0.03
Gains = NDArray[np.float64]


class Limiter:
    """Streaming peak limiter for n×2 float32 at 48 kHz. Output never exceeds ±1 and is not delayed.

    Per hop of 1 ms the needed gain is the least of the next `LOOK_AHEAD_HOPS`; it falls at once, recovers slowly, and
    is averaged over as many hops, which keeps it at or below what each hop needs.
    """

    def __init__(self) -> None:
        self._held: Samples = np.zeros((0, 2), dtype=np.float32)
        self._needed: Gains = np.ones(0)
        self._history: Gains | None = None

    def push(self, block: Samples) -> Samples:
        """Take n×2 samples, n a multiple of `HOP`; returns what can be given out so far."""
        self._held = np.concatenate([self._held, block])
        self._needed = np.concatenate([self._needed, _needed_gains(block)])
        return self._give(len(self._needed) - LOOK_AHEAD_HOPS)

    def flush(self) -> Samples:
        """The rest."""
        hops = len(self._needed)
        self._needed = np.concatenate([self._needed, np.ones(LOOK_AHEAD_HOPS)])
        return self._give(hops)

    def _give(self, hops: int) -> Samples:
        if hops <= 0:
            return self._held[:0]
        given, self._held = self._held[: hops * HOP], self._held[hops * HOP :]
        needed, self._needed = self._needed[: hops + LOOK_AHEAD_HOPS], self._needed[hops:]
        if self._history is None:
            # The film begins at the level that it needs, as if there had been more of the same before.
            self._history = np.full(LOOK_AHEAD_HOPS, needed[: LOOK_AHEAD_HOPS + 1].min())
        if needed.min() == 1.0 and self._history.min() == 1.0:
            return given
        return self._turned_down(given, needed, self._history)

    def _turned_down(self, samples: Samples, needed: Gains, history: Gains) -> Samples:
        levels = np.concatenate([history, _released(_least_ahead(needed), float(history[-1]))])
        sums = np.concatenate([[0.0], np.cumsum(levels)])
        smooth = (sums[LOOK_AHEAD_HOPS:] - sums[:-LOOK_AHEAD_HOPS]) / LOOK_AHEAD_HOPS
        self._history = levels[-LOOK_AHEAD_HOPS:]
        share = np.arange(1, HOP + 1) / HOP
        gains = smooth[:-1, None] * (1 - share) + smooth[1:, None] * share
        limited = samples * gains.reshape(-1, 1).astype(np.float32)
        clipped: Samples = np.clip(limited, -CEILING, CEILING)
        return clipped


def _released(wanted: Gains, level: float) -> Gains:
    """Follow the wanted gains down at once and up slowly, from a first level on."""
    levels = np.empty_like(wanted)
    for index, target in enumerate(wanted):
        level = min(target, level + (target - level) * _RELEASE)
        if 1.0 - level < 1e-4:
            level = min(target, 1.0)
        levels[index] = level
    return levels


def _needed_gains(block: Samples) -> Gains:
    """The gain per hop that brings its peak down to the ceiling; 1 where it is below."""
    peaks = np.abs(block).reshape(-1, HOP * 2).max(axis=1).astype(np.float64)
    gains: Gains = CEILING / np.maximum(peaks, CEILING)
    return gains


def _least_ahead(needed: Gains) -> Gains:
    """For each hop the least of its own and the next `LOOK_AHEAD_HOPS` needed gains."""
    least: Gains = np.lib.stride_tricks.sliding_window_view(needed, LOOK_AHEAD_HOPS + 1).min(axis=1)
    return least
