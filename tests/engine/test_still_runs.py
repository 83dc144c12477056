"""Stillness is found before anything is composed, and changes no frame."""

from typing import Any

import pytest

from gpu_tasks.engine.drawlist import Scene
from gpu_tasks.engine.still_runs import LONGEST, still_runs
from gpu_tasks.timeline.geometry import place_media
from gpu_tasks.timeline.request import ImageElement, VideoElement
from tests.timeline.scenes import image, plan_of, video


def runs(*elements: dict[str, Any], animated: bool = False, **request: Any) -> list[tuple[int, int]]:
    """(frame, count) of every run of a film."""
    plan = plan_of(*elements, **request)
    placements = {}
    for position, clip in enumerate(plan.clips):
        assert isinstance(clip.element, (ImageElement, VideoElement))
        place = place_media(clip.element, (320, 160), plan.canvas.size)
        assert place is not None
        placements[position] = place
    scene = Scene(plan, placements)
    found = (run for span in scene.spans for run in still_runs(scene, span, lambda clip: animated))
    return [(frame, count) for frame, _, count in found]


def test_a_still_is_one_run_until_the_next_begins() -> None:
    assert runs(image(id="a", duration=1), image(id="b", time=1, duration=2)) == [(0, 30), (30, 60)]


def test_a_moving_still_is_told_frame_by_frame() -> None:
    motion = [{"type": "fade", "time": 0, "duration": 0.2}]
    assert runs(image(duration=1, motion=motion)) == [*((frame, 1) for frame in range(6)), (6, 24)]


def test_an_animated_look_is_told_frame_by_frame() -> None:
    assert runs(image(duration=1), animated=True) == [(frame, 1) for frame in range(30)]


def test_a_video_is_told_frame_by_frame() -> None:
    assert runs(image(duration=1), video(out_point=1), duration=1) == [(frame, 1) for frame in range(30)]


def test_a_transition_is_told_frame_by_frame() -> None:
    elements = (image(id="a", duration=1), image(id="b", time=1, duration=1))
    joined = [{"type": "cross_dissolve", "duration": 0.2, "from_id": "a", "to_id": "b"}]
    assert runs(*elements, transitions=joined) == [(0, 27), *((frame, 1) for frame in range(27, 33)), (33, 27)]


@pytest.mark.parametrize("seconds", [8, 20])
def test_a_long_stillness_is_told_in_parts(seconds: int) -> None:
    found = runs(image(duration=seconds))
    assert max(count for _, count in found) == LONGEST
    assert sum(count for _, count in found) == 30 * seconds


def test_an_empty_film_is_still() -> None:
    assert runs(duration=2) == [(0, 60)]
