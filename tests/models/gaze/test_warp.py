"""The move of one iris: exact where nothing moves, and only within its box."""

import numpy as np
import pytest

from gpu_tasks.models.gaze.landmarks import Eye
from gpu_tasks.models.gaze.opening import opening_of
from gpu_tasks.models.gaze.warp import move_iris
from gpu_tasks.models.step import Rgb
from tests.models.gaze.portraits import outside
from tests.models.gaze.test_iris import ACROSS, CENTRE, RADIUS, drawn, eye


def moved(source: Rgb, shift_px: float, at: Eye | None = None) -> tuple[Rgb, tuple[int, int, int, int] | None]:
    seen, rgb = at or eye(), source.copy()
    return rgb, move_iris(rgb, opening_of(seen, seen.centre[:2], ACROSS), RADIUS, shift_px)


@pytest.mark.parametrize("shift", [0.0, 0.01, -0.04])
def test_touches_nothing_for_no_move(shift: float) -> None:
    source = drawn((0.0, 0.0))
    result, box = moved(source, shift)
    assert box is None
    assert np.array_equal(result, source)


@pytest.mark.parametrize("shift", [-9.0, -0.5, 4.0])
def test_touches_nothing_outside_of_its_box(shift: float) -> None:
    source = np.random.default_rng(4).integers(0, 256, (90, 130, 3), np.uint8)
    result, box = moved(source, shift)
    assert box is not None
    rest = outside(source.shape, [box])
    assert np.array_equal(result[rest], source[rest])
    assert not np.array_equal(result, source)


@pytest.mark.parametrize("shift", [-8.0, -3.0, 3.0, 8.0])
def test_brings_the_iris_to_its_place(shift: float) -> None:
    result, _ = moved(drawn((0.0, 0.0)), shift)
    rows = slice(int(CENTRE[1]) - 3, int(CENTRE[1]) + 4)
    darkness = np.clip(140 - result[rows, 30:95, 0].astype(np.float64), 0, None).sum(axis=0)
    assert (darkness @ np.arange(30, 95)) / darkness.sum() - CENTRE[0] == pytest.approx(shift, abs=0.4)


def test_keeps_the_centre_line_exact_for_a_whole_pixel() -> None:
    source = drawn((0.0, 0.0))
    result, _ = moved(source, 3.0)
    row, columns = int(CENTRE[1]), slice(int(CENTRE[0]) - 8, int(CENTRE[0]) + 8)
    shifted = slice(columns.start + 3, columns.stop + 3)
    assert np.abs(result[row, shifted].astype(int) - source[row, columns]).max() <= 1


@pytest.mark.parametrize("shift", [-9.0, 9.0])
def test_fills_what_the_iris_leaves_with_white(shift: float) -> None:
    result, _ = moved(drawn((0.0, 0.0)), shift)
    left_behind = result[int(CENTRE[1]), round(CENTRE[0] - np.sign(shift) * 0.7 * RADIUS), 0]
    assert left_behind > 180


@pytest.mark.parametrize("move", [(-500.0, 0.0), (80.0, 0.0), (0.0, 60.0), (-70.0, -45.0), (500.0, 500.0)])
def test_survives_eyes_at_and_beyond_the_edge_of_the_picture(move: tuple[float, float]) -> None:
    inside, by = eye(), np.array([*move, 0.0])
    gone = Eye(inside.upper + by, inside.lower + by, inside.centre + by, RADIUS)
    result, _ = moved(drawn((0.0, 0.0)), 5.0, gone)
    assert result.shape == drawn((0.0, 0.0)).shape
