"""Sound: a short piece of music in bars of three seconds, and the air of a landscape."""

import numpy as np

from examples.sources.clip import SAMPLE_RATE
from examples.sources.noise import Array

BEAT_S = 0.75
BAR_S = 4 * BEAT_S
CHORDS = [
    [50, 57, 62, 66, 69, 73],
    [47, 54, 59, 62, 66, 69],
    [43, 55, 59, 62, 66, 71],
    [45, 52, 59, 61, 64, 69],
]
"""D maj7, B m7, G maj7, A add9 as MIDI notes, the lowest first."""
ARPEGGIO = [1, 3, 5, 4, 2, 3, 5, 3]


def music(duration_s: float = 13.5) -> Array:
    """n×2 float32: pad, bass, plucked eighths and a light beat over four chords."""
    song = np.zeros((round(duration_s * SAMPLE_RATE), 2), np.float32)
    dry = np.zeros_like(song)
    for bar in range(int(duration_s / BAR_S) + 1):
        chord = CHORDS[bar % len(CHORDS)]
        start_s = bar * BAR_S
        for note in chord[1:]:
            _add(song, start_s, _pad(note, BAR_S + 0.5), pan=(note % 5 - 2) / 3, gain=0.055)
        _add(dry, start_s, _bass(chord[0] - 12, BAR_S), pan=0, gain=0.26)
        for step, voice in enumerate(ARPEGGIO):
            when_s = start_s + step * BEAT_S / 2
            _add(song, when_s, _pluck(chord[voice] + 12), pan=0.5 * (-1) ** step, gain=0.13)
        _add_beat(dry, start_s)
    mixed = dry + song + 0.35 * _reverb(song)
    return np.asarray(np.tanh(1.15 * mixed), np.float32)


def air(duration_s: float, seed: int, low_hz: float, high_hz: float, swell_s: float) -> Array:
    """n×2 float32 of band-limited noise that swells: wind with a long swell, waves with a short one."""
    count = round(duration_s * SAMPLE_RATE)
    noise = np.random.default_rng(seed).normal(0, 1, (count, 2))
    spectrum = np.fft.rfft(noise, axis=0)
    frequency = np.fft.rfftfreq(count, 1 / SAMPLE_RATE)[:, None]
    band = 1 / (1 + (low_hz / np.maximum(frequency, 1)) ** 4) / (1 + (frequency / high_hz) ** 3)
    shaped = np.fft.irfft(spectrum * band, count, axis=0)
    time_s = np.arange(count)[:, None] / SAMPLE_RATE
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * time_s / swell_s + np.array([0, 0.9]))
    return np.asarray((0.22 * swell * shaped / shaped.std()).clip(-1, 1), np.float32)


def _frequency(note: int) -> float:
    return float(440 * 2 ** ((note - 69) / 12))


def _seconds(duration_s: float) -> Array:
    return np.arange(round(duration_s * SAMPLE_RATE)) / SAMPLE_RATE


def _pad(note: int, duration_s: float) -> Array:
    time_s = _seconds(duration_s)
    tone = np.zeros_like(time_s)
    for detune in (0.997, 1.0, 1.0035):
        for harmonic, strength in ((1, 1.0), (2, 0.32), (3, 0.16), (5, 0.05)):
            tone += strength * np.sin(2 * np.pi * _frequency(note) * detune * harmonic * time_s + harmonic)
    envelope = np.minimum(time_s / 0.45, 1) * np.minimum((duration_s - time_s) / 0.6, 1)
    return np.asarray(tone / 3 * envelope)


def _bass(note: int, duration_s: float) -> Array:
    time_s = _seconds(duration_s)
    phase = 2 * np.pi * _frequency(note) * time_s
    envelope = np.minimum(time_s / 0.02, 1) * np.exp(-0.5 * time_s) * np.minimum((duration_s - time_s) / 0.08, 1)
    return np.asarray((np.sin(phase) + 0.25 * np.sin(2 * phase)) * envelope)


def _pluck(note: int) -> Array:
    time_s = _seconds(1.4)
    phase = 2 * np.pi * _frequency(note) * time_s
    ring = np.sin(phase + 1.6 * np.exp(-9 * time_s) * np.sin(2 * phase))
    return np.asarray(ring * np.exp(-4.2 * time_s) * np.minimum(time_s / 0.004, 1))


def _add_beat(song: Array, start_s: float) -> None:
    for beat in range(4):
        when_s = start_s + beat * BEAT_S
        if beat in (0, 2):
            _add(song, when_s, _kick(), pan=0, gain=0.5)
        else:
            _add(song, when_s, _brush(0.16, seed=beat), pan=0.1, gain=0.16)
        for half in (0, 0.5):
            _add(song, when_s + half * BEAT_S, _brush(0.05, seed=9), pan=-0.35, gain=0.05 + 0.04 * half)


def _kick() -> Array:
    time_s = _seconds(0.28)
    return np.asarray(np.sin(2 * np.pi * (46 * time_s - 3.2 * np.exp(-28 * time_s))) * np.exp(-11 * time_s))


def _brush(length_s: float, seed: int) -> Array:
    time_s = _seconds(length_s * 2)
    noise = np.diff(np.random.default_rng(seed).normal(0, 0.5, len(time_s) + 1))
    return np.asarray(noise * np.exp(-time_s / length_s * 4))


def _add(song: Array, start_s: float, tone: Array, *, pan: float, gain: float) -> None:
    """Add a mono tone at equal power; `pan` is −1 (left) … 1 (right). What runs past the end is cut."""
    first = round(start_s * SAMPLE_RATE)
    part = tone[: max(len(song) - first, 0)]
    angle = (pan + 1) * np.pi / 4
    song[first : first + len(part)] += gain * np.outer(part, [np.cos(angle), np.sin(angle)]).astype(np.float32)


def _reverb(song: Array, length_s: float = 1.6) -> Array:
    """Convolution with decaying noise, different left and right."""
    time_s = _seconds(length_s)
    room = np.random.default_rng(3).normal(0, 1, (len(time_s), 2)) * np.exp(-3.6 * time_s)[:, None]
    room *= np.minimum(time_s / 0.02, 1)[:, None] / np.sqrt((room**2).sum(axis=0))
    size = len(song) + len(room)
    wet = np.fft.irfft(np.fft.rfft(song, size, axis=0) * np.fft.rfft(room, size, axis=0), size, axis=0)
    return np.asarray(wet[: len(song)], dtype=np.float32)
