"""Loops begin and end each round at rest, without a jolt in place or in speed."""

from dataclasses import replace

import pytest

from gpu_tasks.engine.motions import MOTIONS, REST
from tests.engine.motions.stages import ELEMENT, GLYPH, Use, pose, uses
from tests.engine.motions.test_rules import distance

loops = pytest.mark.parametrize("use", uses("loop"), ids=str)
FIELDS = ("x_px", "y_px", "scale_x", "scale_y", "opacity", "shine")


@loops
def test_a_round_begins_and_ends_at_rest(use: Use) -> None:
    assert use.pose(0) == REST
    assert use.pose(1) == REST
    assert any(use.pose(phase) != REST for phase in (0.3, 0.5, 0.7))


@loops
def test_rounds_join_without_a_jump(use: Use) -> None:
    assert distance(use.pose(0.999), use.pose(0.001), use.stage) < 0.02


@loops
def test_rounds_join_at_the_same_speed(use: Use) -> None:
    step = 1e-5
    before, after = use.pose(1 - step), use.pose(step)
    for field in FIELDS:
        ending, beginning = (
            (getattr(REST, field) - getattr(before, field)) / step,
            (getattr(after, field) - getattr(REST, field)) / step,
        )
        assert ending == pytest.approx(beginning, abs=0.02), field


@loops
def test_a_loop_sets_its_own_pace(use: Use) -> None:
    assert MOTIONS[use.name].eased == (use.name == "loop_rotate_smooth")


def test_rotation_is_clockwise_and_even() -> None:
    turns = [pose("loop_rotate", 1 + 2 * phase).turn_deg for phase in (0, 0.25, 0.5, 0.75, 1)]
    assert turns == [0, 90, 180, 270, 0]


def test_smooth_rotation_is_eased() -> None:
    slow = pose("loop_rotate_smooth", 1.2, easing="ease_in_out").turn_deg
    assert 0 < slow < pose("loop_rotate_smooth", 1.2).turn_deg == 36


def test_easings_do_not_touch_even_rotation() -> None:
    assert pose("loop_rotate", 1.2, easing="ease_in").turn_deg == pose("loop_rotate", 1.2).turn_deg


def test_an_orbit_is_a_circle_above_its_place() -> None:
    radius = pose("loop_orbit", 1.5).x_px
    for time_s in (1.2, 1.5, 1.9, 2.6):
        place = pose("loop_orbit", time_s)
        assert (place.x_px**2 + (place.y_px + radius) ** 2) ** 0.5 == pytest.approx(radius)


def test_a_shimmer_runs_over_the_glyphs_in_order() -> None:
    def brightest(index: int) -> float:
        stage = replace(GLYPH, index=index)
        return max(
            (step / 100 for step in range(101)), key=lambda p: MOTIONS["loop_shimmer"].pose(p, False, stage).shine
        )

    peaks = [brightest(index) for index in range(7)]
    assert peaks == sorted(peaks)
    assert peaks[-1] - peaks[0] > 0.5


def test_a_shimmer_shows_on_white_glyphs_too() -> None:
    use = Use("loop_shimmer", "character", "loop")
    assert min(use.pose(step / 100).opacity for step in range(101)) < 0.6


def test_wiggles_differ_between_elements_and_stay_small() -> None:
    use = Use("loop_wiggle", "element", "loop")
    assert use.pose(0.4, seed=1) != use.pose(0.4, seed=2)
    for step in range(100):
        place = use.pose(step / 100)
        assert abs(place.turn_deg) < 4.5
        assert max(abs(place.x_px), abs(place.y_px)) < 0.04 * ELEMENT.size_px


def test_a_reversed_loop_runs_backwards() -> None:
    assert pose("loop_rotate", 1.5, reversed=True) == pose("loop_rotate", 2.5)
