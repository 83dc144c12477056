"""The head's frame and the neutral gaze, by geometry alone: a head that turns while its eyes stay on the camera."""

from math import degrees

import numpy as np
import pytest

from gpu_tasks.models.gaze.estimate import offset_of
from gpu_tasks.models.gaze.head import head_of
from gpu_tasks.models.gaze.landmarks import eyes_of
from tests.models.gaze.heads import DIAMETER_PX, EYEBALL_PX, eyeball_middle, head

TOWARD_CAMERA = np.array([0.0, 0.0, -1.0])


@pytest.mark.parametrize("yaw", [-25, -10, 0, 10, 25])
@pytest.mark.parametrize("roll", [-20, 0, 35])
def test_reads_the_yaw_at_any_roll(yaw: float, roll: float) -> None:
    assert degrees(head_of(head(yaw, roll)).yaw_rad) == pytest.approx(yaw, abs=1e-6)


@pytest.mark.parametrize("yaw", [-25, -10, 0, 10, 25])
@pytest.mark.parametrize("roll", [-20, 0, 35])
def test_finds_no_offset_in_eyes_that_stay_on_the_camera(yaw: float, roll: float) -> None:
    irises = eyeball_middle(yaw, roll) + EYEBALL_PX * TOWARD_CAMERA
    assert offset_of(head_of(head(yaw, roll)), irises, DIAMETER_PX) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("yaw", [-20, 20])
def test_sees_eyes_that_turn_with_the_head_look_away_with_it(yaw: float) -> None:
    points = head(yaw)
    middle = (eyes_of(points)[0].centre + eyes_of(points)[1].centre) / 2
    expected = 0.85 * np.sin(np.radians(yaw)) / 0.96
    assert offset_of(head_of(points), middle, DIAMETER_PX) == pytest.approx(expected, abs=0.001)


def test_counts_an_offset_to_the_right_of_the_picture_as_positive() -> None:
    irises = eyeball_middle(0) + EYEBALL_PX * TOWARD_CAMERA + np.array([0.2 * DIAMETER_PX, 0, 0])
    assert offset_of(head_of(head()), irises, DIAMETER_PX) == pytest.approx(0.2 / 0.96)


def test_measures_eyes() -> None:
    for eye in eyes_of(head(openness=0.3)):
        assert eye.diameter_px == pytest.approx(DIAMETER_PX)
        assert eye.width_px == pytest.approx(54)
        assert eye.openness == pytest.approx(0.3, abs=0.03)


def test_orders_eyes_and_lids_as_the_picture_does() -> None:
    left, right = eyes_of(head())
    assert left.centre[0] < right.centre[0]
    for eye in (left, right):
        assert np.all(np.diff(eye.upper[:, 0]) > 0)
        assert np.all(eye.upper[1:-1, 1] < eye.lower[1:-1, 1])
