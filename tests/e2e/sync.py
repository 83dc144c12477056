"""Where in a film the flash is and where in its sound the beep is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Moments:
    """Film seconds at which the flashes and beeps begin."""

    flashes_s: list[float]
    beeps_s: list[float]


def moments(film: Path) -> Moments:
    """Decode a film and find every rising edge of brightness and of loudness."""
    with av.open(str(film)) as container:
        bright = [
            (float(frame.time or 0), bool(frame.to_ndarray(format="gray").mean() > 128))
            for frame in container.decode(video=0)
        ]
    with av.open(str(film)) as container:
        blocks = [
            (float(frame.time or 0), frame.sample_rate, frame.to_ndarray()) for frame in container.decode(audio=0)
        ]
    rate = blocks[0][1]
    loudness = np.concatenate([np.abs(samples).max(axis=0) for _, _, samples in blocks])
    return Moments(_rises(bright), [blocks[0][0] + index / rate for index in _onsets(loudness, rate)])


def _rises(bright: list[tuple[float, bool]]) -> list[float]:
    return [
        time_s
        for (time_s, now), (_, before) in zip(bright, [(0.0, False), *bright], strict=False)
        if now and not before
    ]


def _onsets(loudness: NDArray[Any], rate: int) -> list[int]:
    """First sample of every loud stretch; stretches are at least a tenth of a second apart."""
    loud = np.flatnonzero(loudness > 0.2)
    gaps = np.flatnonzero(np.diff(loud) > rate // 10)
    return [int(loud[0]), *(int(loud[index + 1]) for index in gaps)] if len(loud) else []
