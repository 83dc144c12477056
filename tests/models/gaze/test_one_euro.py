"""The one-euro filter: still at rest, quick in motion."""

import numpy as np
import pytest

from gpu_tasks.models.gaze.one_euro import OneEuro, smoothing

RATE = 30


def filtered(samples: list[float], beta: float = 0.0) -> list[float]:
    euro = OneEuro(1.0, beta)
    return [euro.update(sample, index / RATE) for index, sample in enumerate(samples)]


def test_passes_the_first_sample() -> None:
    assert filtered([0.7]) == [0.7]


def test_weighs_as_a_filter_of_first_order() -> None:
    # A cutoff of 1 Hz has a time constant of 1 / 2π s; a step as long as that counts half.
    assert smoothing(1.0, 1 / (2 * np.pi)) == pytest.approx(0.5)


def test_settles_on_a_step_by_its_time_constant() -> None:
    values = filtered([0.0] + [1.0] * RATE)
    assert values == sorted(values)
    assert values[-1] == pytest.approx(1 - (1 - smoothing(1.0, 1 / RATE)) ** RATE)


def test_holds_noise_back() -> None:
    noise = np.random.default_rng(1).normal(0, 1, 300).tolist()
    assert np.std(filtered(noise)[60:]) < 0.4 * np.std(noise)


def test_follows_motion_closer_with_beta() -> None:
    ramp = [index / RATE for index in range(2 * RATE)]
    lag_without, lag_with = (ramp[-1] - filtered(ramp, beta)[-1] for beta in (0.0, 2.0))
    assert lag_with < lag_without / 2


def test_ignores_a_sample_at_no_later_time() -> None:
    euro = OneEuro(1.0, 0.0)
    euro.update(1.0, 5.0)
    assert (euro.update(9.0, 5.0), euro.update(9.0, 4.0)) == (1.0, 1.0)


def test_does_not_depend_on_the_frame_rate_much() -> None:
    at_30, at_60 = OneEuro(1.0, 0.0), OneEuro(1.0, 0.0)
    for index in range(31):
        at_30.update(float(index > 0), index / 30)
    for index in range(61):
        at_60.update(float(index > 0), index / 60)
    assert at_30.value == pytest.approx(at_60.value, abs=0.01)


def test_jumps_when_told() -> None:
    euro = OneEuro(1.0, 0.0)
    euro.update(0.0, 0.0)
    euro.jump(2.0)
    assert euro.update(2.0, 1.0) == 2.0
