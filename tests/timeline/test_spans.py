"""The film is cut where something begins or stops moving."""

from typing import Any

from tests.timeline.scenes import image, plan_of


def edges(**motion: Any) -> list[int]:
    """Where the spans of a logo over [0, 4) at 10 frames per second begin, with one motion at 1 s for half a second."""
    moving = {"type": "fade", "time": 1, "duration": 0.5, **motion}
    return [span.first for span in plan_of(image(duration=4, motion=[moving]), frame_rate=10).spans]


def test_a_motion_is_a_span_of_its_own() -> None:
    assert edges() == [0, 10, 15]


def test_a_delay_moves_the_cuts() -> None:
    assert edges(delay=0.7) == [0, 17, 22]


def test_a_repeating_motion_goes_on_until_its_clip_ends() -> None:
    assert edges(type="loop_orbit") == [0, 10]


def test_a_loop_that_turns_once_is_over_after_its_duration() -> None:
    assert edges(type="loop_orbit", loop=False) == [0, 10, 15]
