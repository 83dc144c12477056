"""When a correction fades: closed eyes, turned heads, gazes far off, small eyes, irises that cannot be told."""

import numpy as np
import pytest

from gpu_tasks.models.gaze.estimate import Gaze
from gpu_tasks.models.gaze.face_state import FaceState
from gpu_tasks.models.gaze.fade import eye_strength, face_strength, is_readable
from gpu_tasks.models.gaze.head import head_of
from gpu_tasks.models.gaze.iris import Iris
from gpu_tasks.models.gaze.landmarks import Eye, eyes_of
from tests.models.gaze.heads import head

RATE = 30


def gaze(offset: float = 0.2, yaw: float = 0.0, openness: float = 0.35, contrast: float = 0.5) -> Gaze:
    points = head(yaw, openness=openness)
    eyes = eyes_of(points)
    left, right = (Iris(eye.centre[:2], contrast) for eye in eyes)
    return Gaze(head_of(points), eyes, (left, right), offset, contrast)


def corrections(readings: list[Gaze], *, fades_in: bool = False) -> list[float]:
    state = FaceState(fades_in=fades_in)
    return [state.correction(reading, index / RATE) for index, reading in enumerate(readings)]


@pytest.mark.parametrize(("yaw", "strength"), [(0, 1), (19, 1), (25, 0.5), (-25, 0.5), (31, 0), (-45, 0)])
def test_fades_with_the_turn_of_the_head(yaw: float, strength: float) -> None:
    assert face_strength(gaze(yaw=yaw), 0.2) == pytest.approx(strength, abs=0.01)


@pytest.mark.parametrize(("offset", "strength"), [(0.0, 1), (0.6, 1), (-0.6, 1), (0.725, 0.5), (0.85, 0), (-3, 0)])
def test_fades_with_the_distance_of_the_gaze(offset: float, strength: float) -> None:
    assert face_strength(gaze(), offset) == pytest.approx(strength)


@pytest.mark.parametrize(("contrast", "strength"), [(0.5, 1), (0.13, 0.5), (0.08, 0), (0, 0)])
def test_fades_where_the_iris_cannot_be_told(contrast: float, strength: float) -> None:
    assert face_strength(gaze(contrast=contrast), 0.2) == pytest.approx(strength)


@pytest.mark.parametrize(("openness", "strength"), [(0.35, 1), (0.14, 0), (0.05, 0)])
def test_leaves_closed_eyes(openness: float, strength: float) -> None:
    assert [eye_strength(eye) for eye in gaze(openness=openness).eyes] == [strength] * 2


@pytest.mark.parametrize(("width_px", "strength"), [(23, 0), (28, 0.5), (33, 1)])
def test_leaves_small_eyes(width_px: float, strength: float) -> None:
    eye = eyes_of(head())[0]
    by = width_px / eye.width_px
    small = Eye(eye.upper * by, eye.lower * by, eye.centre * by, eye.radius_px * by)
    assert eye_strength(small) == pytest.approx(strength, abs=0.01)


def test_moves_irises_against_their_offset() -> None:
    assert corrections([gaze(0.2)]) == pytest.approx([-0.2])
    assert corrections([gaze(-0.3)]) == pytest.approx([0.3])


def test_never_moves_irises_further_than_is_believed() -> None:
    assert all(abs(corrections([gaze(offset)])[0]) <= 0.6 for offset in np.linspace(-2, 2, 81))


def test_keeps_the_gaze_through_a_blink() -> None:
    open_eyes, closed = [gaze(0.2)] * 10, [gaze(-1.0, openness=0.1)] * 5
    values = corrections([*open_eyes, *closed, *open_eyes])
    assert values == pytest.approx([-0.2] * 25, abs=0.001)


def test_does_nothing_as_long_as_the_eyes_were_never_open() -> None:
    assert corrections([gaze(0.3, openness=0.1)] * 5) == [0.0] * 5


def test_reads_no_gaze_from_closed_or_faint_eyes() -> None:
    assert is_readable(gaze())
    assert not is_readable(gaze(openness=0.1))
    assert not is_readable(gaze(contrast=0.05))


def test_stops_at_once_where_the_head_is_turned_away() -> None:
    assert corrections([gaze()] * 5 + [gaze(yaw=40)])[-1] == 0


def test_comes_back_gently() -> None:
    values = np.abs(corrections([gaze(yaw=40)] * 5 + [gaze()] * 30))
    assert 0 < values[5] < 0.1
    assert np.all(np.diff(values[5:]) >= 0)
    assert values[-1] == pytest.approx(0.2, abs=0.01)


def test_fades_in_a_face_that_appears_within_a_shot() -> None:
    values = np.abs(corrections([gaze()] * 30, fades_in=True))
    assert values[0] == 0
    assert np.diff(values).max() < 0.1
    assert values[-1] == pytest.approx(0.2, abs=0.01)


def test_follows_a_saccade_within_three_frames() -> None:
    values = corrections([gaze(0.0)] * 30 + [gaze(0.4)] * 10)
    assert values[33:] == pytest.approx([-0.4] * 7, abs=0.04)


def test_is_not_led_astray_by_a_single_reading() -> None:
    values = corrections([gaze(0.2)] * 30 + [gaze(-0.3)] + [gaze(0.2)] * 30)
    assert np.abs(np.array(values[40:]) + 0.2).max() < 0.06


def test_smooths_noise() -> None:
    noise = np.random.default_rng(5).normal(0, 0.03, 120)
    values = corrections([gaze(0.2 + float(n)) for n in noise])[30:]
    assert np.std(values) < 0.015
    assert np.sqrt(np.mean(np.diff(values) ** 2)) < 0.012
