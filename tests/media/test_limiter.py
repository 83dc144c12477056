"""The limiter keeps peaks down and everything else alone."""

import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_tasks.media.audio_limit import HOP, Limiter

RATE_HZ = 48_000


def _limited(samples: NDArray[np.float32], block: int = 100 * HOP) -> NDArray[np.float32]:
    limiter = Limiter()
    parts = [limiter.push(samples[start : start + block]) for start in range(0, len(samples), block)]
    return np.concatenate([*parts, limiter.flush()])


def _noise(level: float, seconds: int = 1) -> NDArray[np.float32]:
    return (level * np.random.default_rng(4).standard_normal((seconds * RATE_HZ, 2))).astype(np.float32)


def test_what_fits_passes_bit_for_bit() -> None:
    samples = np.clip(_noise(0.3), -1, 1)
    assert np.array_equal(_limited(samples), samples)


@pytest.mark.parametrize("level", [0.5, 2.0, 50.0])
def test_nothing_exceeds_full_scale(level: float) -> None:
    limited = _limited(_noise(level))
    assert len(limited) == RATE_HZ
    assert np.abs(limited).max() <= 1.0


def test_a_peak_is_turned_down_not_cut_off() -> None:
    samples = np.full((RATE_HZ, 2), 0.1, dtype=np.float32)
    samples[24_000:24_100] = 4.0
    limited = _limited(samples)[:, 0]
    assert limited[24_000:24_100] == pytest.approx([1.0] * 100, abs=0.01)
    assert limited[:23_000] == pytest.approx(np.full(23_000, 0.1), abs=1e-6)
    assert limited[-1] == pytest.approx(0.1, abs=0.002)
    assert np.abs(np.diff(limited[23_000:23_999])).max() < 0.005


def test_both_sides_are_turned_down_alike() -> None:
    samples = _noise(1.0)
    samples[:, 1] *= 0.25
    limited = _limited(samples)
    loud = np.abs(samples[:, 0]) > 0.1
    assert limited[loud, 1] / limited[loud, 0] == pytest.approx(samples[loud, 1] / samples[loud, 0], rel=1e-3)


def test_the_size_of_blocks_changes_nothing() -> None:
    samples = _noise(1.5)
    assert np.allclose(_limited(samples, HOP), _limited(samples, 500 * HOP), atol=1e-6)
