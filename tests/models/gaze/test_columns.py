"""The map of columns: the iris rigid, the rest smooth, nothing folded."""

import numpy as np
import pytest

from gpu_tasks.models.gaze.columns import column_map

RADIUS = 10.0
ALONG = np.linspace(-60, 60, 4801)


@pytest.mark.parametrize("shift", [-8.0, -3.0, -0.5, 0.5, 3.0, 8.0, 12.0])
@pytest.mark.parametrize("corners", [(-27, 27), (-19, 35), (-35, 19), (-14, 40), (-11, 14)])
def test_never_folds(shift: float, corners: tuple[float, float]) -> None:
    sources = column_map(shift, RADIUS, corners)(ALONG)
    assert np.all(np.diff(sources) >= -1e-9)


@pytest.mark.parametrize("shift", [-8.0, -3.0, 3.0, 8.0])
def test_moves_the_iris_as_it_is(shift: float) -> None:
    on_iris = ALONG[np.abs(ALONG - shift) <= 1.25 * RADIUS]
    assert column_map(shift, RADIUS, (-30, 30))(on_iris) == pytest.approx(on_iris - shift)


@pytest.mark.parametrize("shift", [-8.0, 8.0])
def test_leaves_what_lies_far_off(shift: float) -> None:
    far = ALONG[np.abs(ALONG) > 40]
    assert np.array_equal(column_map(shift, RADIUS, (-60, 60))(far), far)


@pytest.mark.parametrize("shift", [-8.0, 8.0])
def test_takes_nothing_from_beyond_the_corners(shift: float) -> None:
    within = ALONG[np.abs(ALONG) <= 24]
    sources = column_map(shift, RADIUS, (-24, 24))(within)
    assert sources.min() >= -24 - 1e-9
    assert sources.max() <= 24 + 1e-9


def test_mirrors() -> None:
    right, left = column_map(5, RADIUS, (-20, 30)), column_map(-5, RADIUS, (-30, 20))
    assert right(ALONG) == pytest.approx(-left(-ALONG))
