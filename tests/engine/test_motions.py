"""Motions start away, end at rest, and follow the CSS easings in between."""

from fractions import Fraction

import pytest

from gpu_tasks.engine.easing import CONTROL_POINTS, ease
from gpu_tasks.engine.motions import MOTIONS, REST, Pose, Stage, pose_at
from gpu_tasks.timeline.catalogue import names
from gpu_tasks.timeline.request import Motion

STAGE = Stage(canvas=(1280, 720), bounds=(100, 200, 300, 260))


def pose(name: str, time: float, **fields: object) -> Pose:
    motion = Motion.model_validate({"type": name, "time": 1, "duration": 2, "easing": "linear", **fields})
    return pose_at([motion], Fraction(str(time)), STAGE)


def test_the_registry_is_what_the_catalogue_promises() -> None:
    assert set(MOTIONS) == set(names("motions"))


@pytest.mark.parametrize(
    ("name", "x", "expected"),
    [
        # Values of the CSS timing functions ease-in, ease-out and ease-in-out (CSS Easing 1), to four places.
        ("linear", 0.3, 0.3),
        ("ease_in", 0.5, 0.3154),
        ("ease_out", 0.5, 0.6846),
        ("ease_in_out", 0.25, 0.1292),
        ("ease_in_out", 0.5, 0.5),
        ("ease_in_out", 0.75, 0.8708),
    ],
)
def test_easings_are_those_of_css(name: str, x: float, expected: float) -> None:
    assert ease(name, x) == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("name", sorted(CONTROL_POINTS))
def test_easings_rise_from_zero_to_one(name: str) -> None:
    values = [ease(name, step / 50) for step in range(-5, 56)]
    assert values == sorted(values)
    assert (values[0], values[-1]) == (0, 1)


@pytest.mark.parametrize("name", ["fade", "slide_up", "slide_down", "slide_left", "slide_right", "zoom_in"])
def test_an_entrance_ends_at_rest(name: str) -> None:
    assert pose(name, 3) == REST
    assert pose(name, 9) == REST
    assert pose(name, 0) != REST


@pytest.mark.parametrize("name", ["fade", "slide_up", "slide_down", "slide_left", "slide_right"])
def test_an_exit_begins_at_rest(name: str) -> None:
    assert pose(name, 0.5, reversed=True) == REST
    assert pose(name, 9, reversed=True) != REST


@pytest.mark.parametrize(
    ("name", "reversed_", "start"),
    [
        ("slide_right", False, (-300, 0)),
        ("slide_left", False, (1180, 0)),
        ("slide_up", False, (0, 520)),
        ("slide_down", False, (0, -260)),
        ("slide_right", True, (1180, 0)),
        ("slide_left", True, (-300, 0)),
        ("slide_up", True, (0, -260)),
        ("slide_down", True, (0, 520)),
    ],
)
def test_a_slide_begins_or_ends_just_outside(name: str, reversed_: bool, start: tuple[float, float]) -> None:
    away = pose(name, 9 if reversed_ else 0, reversed=reversed_)
    assert (away.x_px, away.y_px) == start


def test_a_slide_moves_in_its_direction() -> None:
    assert pose("slide_right", 1.5).x_px < pose("slide_right", 2).x_px < 0
    assert 0 < pose("slide_right", 1.5, reversed=True).x_px < pose("slide_right", 2, reversed=True).x_px


def test_a_delay_is_added_to_the_time() -> None:
    assert pose("fade", 2, delay=1).opacity == 0
    assert pose("fade", 3, delay=1).opacity == 0.5


def test_ken_burns_pushes_in_by_a_fifth_and_stays() -> None:
    assert [pose("ken_burns_in", time).zoom for time in (0, 2, 3, 8)] == pytest.approx([1, 1.1, 1.2, 1.2])


def test_motions_compose() -> None:
    both = [
        Motion(type="fade", time=0, duration=2, easing="linear"),
        Motion(type="zoom_in", time=0, duration=4, easing="linear"),
    ]
    assert pose_at(both, Fraction(1), STAGE) == Pose(scale_x=0.25, scale_y=0.25, opacity=0.5)
