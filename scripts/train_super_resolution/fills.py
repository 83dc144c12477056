"""What shapes are filled with: flat tones, gradients, fractal noise, waves, stripes and checks."""

import functools
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
"""Height × width of tones, 0–255."""
Fill = Callable[[np.random.Generator, int, int], Plane]

_NOISE_SIDE = 1024
_NOISE_KINDS = 6


def any_fill(rng: np.random.Generator, height: int, width: int) -> Plane:
    """One of the fills at random; small shapes are mostly flat, as in photographs."""
    flat = 0.35 if min(height, width) > 24 else 0.7
    fill = _flat if rng.random() < flat else FILLS[rng.choice(len(FILLS), p=_CHANCES)]
    return fill(rng, height, width)


def fractal_noise(rng: np.random.Generator, height: int, width: int) -> Plane:
    """Noise whose spectrum falls with a power of the frequency, mean 0 and deviation 1; at most 1024 each way."""
    field = _noise_field(int(rng.integers(_NOISE_KINDS)))
    top, left = rng.integers(_NOISE_SIDE - height + 1), rng.integers(_NOISE_SIDE - width + 1)
    crop = field[top : top + height, left : left + width]
    return crop[:: int(rng.choice((-1, 1))), :: int(rng.choice((-1, 1)))]


def wave_phase(rng: np.random.Generator, height: int, width: int, shortest_px: float) -> Plane:
    """The phase of a plane wave, in radians, in a random direction with a wavelength from `shortest_px` to 64."""
    wavelength = float(np.exp(rng.uniform(np.log(shortest_px), np.log(64))))
    angle, start = rng.uniform(0, 2 * np.pi, 2)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    turned = columns * np.float32(np.cos(angle)) + rows * np.float32(np.sin(angle))
    return np.asarray(turned * np.float32(2 * np.pi / wavelength) + np.float32(start))


@functools.cache
def _noise_field(kind: int) -> Plane:
    rng = np.random.default_rng(kind)
    frequency = np.hypot(np.fft.fftfreq(_NOISE_SIDE)[:, None], np.fft.rfftfreq(_NOISE_SIDE)[None])
    frequency[0, 0] = 1
    spectrum = np.fft.rfft2(rng.standard_normal((_NOISE_SIDE, _NOISE_SIDE))) / frequency ** (0.7 + 0.2 * kind)
    spectrum[0, 0] = 0
    field = np.fft.irfft2(spectrum)
    return np.asarray(field / field.std(), np.float32)


def _flat(rng: np.random.Generator, height: int, width: int) -> Plane:
    return np.full((height, width), rng.uniform(0, 255), np.float32)


def _gradient(rng: np.random.Generator, height: int, width: int) -> Plane:
    from_tone, to_tone = rng.uniform(0, 255, 2)
    corners = np.array([[from_tone, rng.uniform(0, 255)], [to_tone, to_tone]], np.float32)
    return np.asarray(cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _noise(rng: np.random.Generator, height: int, width: int) -> Plane:
    return rng.uniform(40, 215) + fractal_noise(rng, height, width) * np.float32(rng.uniform(4, 45))


def _waves(rng: np.random.Generator, height: int, width: int) -> Plane:
    return rng.uniform(50, 205) + np.sin(wave_phase(rng, height, width, 4)) * np.float32(rng.uniform(8, 60))


def _stripes(rng: np.random.Generator, height: int, width: int) -> Plane:
    share = rng.uniform(-0.8, 0.8)
    return _two_tones(rng, np.sin(wave_phase(rng, height, width, 5)) > share)


def _checks(rng: np.random.Generator, height: int, width: int) -> Plane:
    first = np.sin(wave_phase(rng, height, width, 6))
    return _two_tones(rng, first * np.sin(wave_phase(rng, height, width, 6)) > 0)


def _two_tones(rng: np.random.Generator, chosen: NDArray[np.bool_]) -> Plane:
    one, other = rng.uniform(0, 255, 2)
    return np.where(chosen, np.float32(one), np.float32(other))


FILLS: tuple[Fill, ...] = (_gradient, _noise, _waves, _stripes, _checks)
_CHANCES = (0.4, 0.35, 0.08, 0.1, 0.07)
