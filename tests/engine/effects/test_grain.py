"""Grain: noise of the asked deviation and size, new in each frame, the same in each rendering."""

import numpy as np
import pytest

from gpu_tasks.engine.effects._grain import grain
from tests.engine.effects.stage import moment

SHAPE = (180, 320)


def test_it_has_the_deviation_that_was_asked_for() -> None:
    noise = grain(SHAPE, moment(), 6.0, 1.0)
    assert noise.shape == SHAPE
    assert noise.std() == pytest.approx(6, rel=0.05)
    assert abs(noise.mean()) < 0.5


def test_none_is_none() -> None:
    assert not grain(SHAPE, moment(), 0.0, 2.0).any()


def test_larger_grains_are_alike_over_more_pixels() -> None:
    def likeness(size_units: float) -> float:
        noise = grain(SHAPE, moment(unit_px=1), 20.0, size_units).astype(float)
        return float(np.corrcoef(noise[:, :-1].ravel(), noise[:, 1:].ravel())[0, 1])

    assert abs(likeness(0.5)) < 0.03
    assert 0.3 < likeness(3.0) < likeness(6.0) < 1


def test_its_size_follows_the_picture() -> None:
    def likeness(unit_px: float, step: int) -> float:
        noise = grain(SHAPE, moment(unit_px=unit_px), 20.0, 2.0).astype(float)
        return float(np.corrcoef(noise[:, :-step].ravel(), noise[:, step:].ravel())[0, 1])

    assert likeness(3.0, 3) == pytest.approx(likeness(1.0, 1), abs=0.12)


def test_frames_differ_and_repeat() -> None:
    first, second, again = (grain(SHAPE, moment(frame), 6.0, 1.5).copy() for frame in (4, 5, 4))
    assert not np.array_equal(first, second)
    assert np.array_equal(first, again)


def test_a_given_frame_holds_it() -> None:
    assert np.array_equal(grain(SHAPE, moment(4), 6.0, 1.5, frame=-1), grain(SHAPE, moment(9), 6.0, 1.5, frame=-1))


def test_elements_and_salts_have_their_own() -> None:
    one = grain(SHAPE, moment(), 6.0, 1.5)
    assert not np.array_equal(one, grain(SHAPE, moment(element="other"), 6.0, 1.5))
    assert not np.array_equal(one, grain(SHAPE, moment(), 6.0, 1.5, salt="u"))


@pytest.mark.parametrize("shape", [(1, 1), (3, 700), (16, 16)])
def test_any_shape_will_do(shape: tuple[int, int]) -> None:
    assert grain(shape, moment(unit_px=4), 6.0, 5.0).shape == shape
