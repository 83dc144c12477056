"""When motions play: delays, exits, and motions that start anew."""

import pytest

from gpu_tasks.engine.motions import REST
from gpu_tasks.timeline.catalogue import catalogue
from tests.engine.motions.stages import pose

FORCED = sorted(entry["type"] for entry in catalogue()["motions"] if entry["exit_only_forced"])


def test_a_delay_shifts_a_motion() -> None:
    for time_s in (0.5, 1.3, 2.7, 3.5):
        assert pose("smooth_pop", time_s + 0.75, delay=0.75) == pose("smooth_pop", time_s)


def test_before_a_delayed_entrance_the_element_is_away() -> None:
    assert pose("smooth_pop", 1.7, delay=0.75).opacity == 0


@pytest.mark.parametrize("name", FORCED)
@pytest.mark.parametrize("reversed_", [False, True])
def test_exit_only_types_are_exits_whatever_the_flag_says(name: str, reversed_: bool) -> None:
    assert pose(name, 0.5, reversed=reversed_) == REST
    assert pose(name, 1, reversed=reversed_) == REST
    assert pose(name, 3, reversed=reversed_) != REST


@pytest.mark.parametrize("name", ["bounce", "fade"])
def test_a_mirrored_exit_is_the_entrance_played_backwards(name: str) -> None:
    for time_s in (0, 1, 1.25, 2, 2.75, 3, 5):
        assert pose(name, time_s, reversed=True) == pose(name, 4 - time_s)


def test_loops_rest_until_they_begin_and_then_go_on() -> None:
    assert pose("loop_orbit", 0.5) == pose("loop_orbit", 1) == REST
    assert pose("loop_orbit", 7.5) == pose("loop_orbit", 1.5) != REST
    assert pose("loop_orbit", 1.5, delay=1) == REST


def test_a_loop_may_play_a_single_round() -> None:
    assert pose("loop_orbit", 1.5, loop=False) == pose("loop_orbit", 1.5)
    assert pose("loop_orbit", 3.5, loop=False) == REST


def test_easings_reach_springs_and_bounces() -> None:
    early = [pose("elastic_rise", 1.2, easing=easing).y_px for easing in ("ease_out", "linear", "ease_in")]
    assert early == sorted(early)
    assert len(set(early)) == 3
