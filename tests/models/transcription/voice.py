"""A voice that says nothing: a buzz through moving formants, which detectors of speech take for speech.

Source and filter as of Klatt, Software for a cascade/parallel formant synthesizer, JASA 67 (1980).
"""

import numpy as np
from numpy.typing import NDArray

# Middle, sway and bandwidth in Hz, and sways a second, of three formants.
_FORMANTS = ((550, 250, 80, 2.1), (1500, 500, 100, 1.7), (2500, 200, 120, 1.3))
_SYLLABLES_HZ = 2.2


def babble(duration_s: float, rate_hz: int = 48_000) -> NDArray[np.float32]:
    """Mono, full scale ±1."""
    time_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    pitch_hz = 110 + 20 * np.sin(2 * np.pi * 0.7 * time_s)
    sound = (np.cumsum(pitch_hz) / rate_hz % 1.0 < 0.1) - 0.1
    for middle_hz, sway_hz, bandwidth_hz, sways_hz in _FORMANTS:
        formant_hz = middle_hz + sway_hz * np.sin(2 * np.pi * sways_hz * time_s)
        sound = _resonance(sound, formant_hz, bandwidth_hz, rate_hz)
    loudness = np.clip(np.sin(2 * np.pi * _SYLLABLES_HZ * time_s) + 0.4, 0, 1)
    voice: NDArray[np.float32] = (0.3 * sound * loudness).astype(np.float32)
    return voice


def _resonance(
    sound: NDArray[np.float64], centre_hz: NDArray[np.float64], bandwidth_hz: float, rate_hz: int
) -> NDArray[np.float64]:
    radius = float(np.exp(-np.pi * bandwidth_hz / rate_hz))
    turns = (2 * radius * np.cos(2 * np.pi * centre_hz / rate_hz)).tolist()
    resonant, last, before = [], 0.0, 0.0
    for sample, turn in zip(sound.tolist(), turns, strict=True):
        last, before = sample + turn * last - radius * radius * before, last
        resonant.append(last)
    filtered = np.array(resonant)
    peak: NDArray[np.float64] = filtered / np.abs(filtered).max()
    return peak
