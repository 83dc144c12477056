"""What is told of a film's length before its sources are seen is what the plan makes of them."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpu_tasks.timeline.lengths import film_length
from gpu_tasks.timeline.lint import parse_render
from gpu_tasks.timeline.planner import make_plan
from tests.timeline.scenes import CLIP, LOGO, MUSIC, image, sources, text, video

KNOWN = {url: info.duration_s for url, info in sources().items()}


def seconds(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda value: round(value, 3))


def audio(**fields: Any) -> dict[str, Any]:
    return {"type": "audio", "source_url": MUSIC, **fields}


PLAYING = {
    "time": seconds(0, 30),
    "in_point": seconds(0, 5),
    "out_point": st.none() | seconds(5.5, 90),
    "speed": seconds(0.25, 4),
    "visible": st.booleans(),
}
LASTING = {"time": seconds(0, 30), "duration": seconds(0.001, 40), "visible": st.booleans()}
ELEMENTS = st.one_of(
    st.builds(video, **PLAYING), st.builds(audio, **PLAYING), st.builds(text, **LASTING), st.builds(image, **LASTING)
)
REQUESTS = st.fixed_dictionaries(
    {"elements": st.lists(ELEMENTS, max_size=4), "frame_rate": st.sampled_from([1, 24, 25, 30, 60])},
    optional={"duration": seconds(0.001, 100), "output_format": st.sampled_from(["mp4", "gif", "webm"])},
)


@given(REQUESTS)
def test_known_sources_make_it_exact(body: dict[str, Any]) -> None:
    request = parse_render(body)
    length = film_length(request, KNOWN)
    assert length.is_known
    assert length.at_least_s == make_plan(request, sources()).canvas.duration_s


@given(REQUESTS)
def test_unknown_sources_never_make_it_longer(body: dict[str, Any]) -> None:
    """Unless a trim promises more than there is: that counts as if it were there."""
    request = parse_render(body)
    promised = any(element.get("out_point") for element in body["elements"])
    length = film_length(request, {})
    planned_s = make_plan(request, sources()).canvas.duration_s
    if length.is_known and not promised:
        assert length.at_least_s == planned_s
    elif not promised:
        assert length.at_least_s <= planned_s


def test_a_trim_ends_with_its_source() -> None:
    request = parse_render({"elements": [video(out_point=20)]})
    assert film_length(request, {CLIP: Fraction(12)}).at_least_s == 12
    assert film_length(request, {}).at_least_s == 20


def test_a_trim_behind_the_end_lasts_no_time() -> None:
    request = parse_render({"elements": [video(in_point=20, time=5), text(duration=3)]})
    assert film_length(request, {CLIP: Fraction(12)}).at_least_s == 5


@pytest.mark.parametrize("output_format", ["png", "jpg"])
def test_a_still_has_no_length(output_format: str) -> None:
    request = parse_render({"elements": [video()], "duration": 90, "output_format": output_format})
    length = film_length(request, {LOGO: None})
    assert (length.at_least_s, length.is_known) == (0, True)
