"""Colour tables in a request: they are sources like others, and must be what they are used for."""

from dataclasses import replace
from typing import Any

import pytest

from gpu_tasks.errors import JobFailed
from gpu_tasks.timeline.lint import parse_render
from gpu_tasks.timeline.planner import make_plan
from gpu_tasks.timeline.request import RenderRequest
from gpu_tasks.timeline.sources import SourceInfo
from tests.timeline.scenes import CLIP, LOGO, image, sources, video

LOOK = "https://media.test/look.cube"
TABLE = SourceInfo("lut", "cube", "text/plain", 9)


def request(*elements: dict[str, Any]) -> RenderRequest:
    return parse_render({"elements": list(elements)})


def test_the_film_reads_its_tables_once_after_what_they_colour() -> None:
    film = request(video(lut_url=LOOK), image(lut_url=LOOK), image(visible=False))
    assert film.source_urls() == [CLIP, LOOK, LOGO]


@pytest.mark.parametrize("element", [video(lut_url=LOOK), image(lut_url=LOOK)])
def test_a_table_colours_videos_and_images(element: dict[str, Any]) -> None:
    assert len(make_plan(request(element), {**sources(), LOOK: TABLE}).clips) == 1


@pytest.mark.parametrize("element", [video(lut_url=LOGO), image(lut_url=LOGO)])
def test_a_picture_is_no_table(element: dict[str, Any]) -> None:
    with pytest.raises(JobFailed, match=r"logo\.png is not a colour table") as caught:
        make_plan(request(element), sources())
    assert caught.value.code == "invalid_source"


@pytest.mark.parametrize(
    ("element", "what"),
    [
        (image(source_url=LOOK), "is not a picture"),
        ({"type": "audio", "source_url": LOOK}, "has no sound"),
        (video(source_url=f"{LOOK}.mp4"), "has no moving picture"),
    ],
)
def test_a_table_is_no_medium(element: dict[str, Any], what: str) -> None:
    with pytest.raises(JobFailed, match=what):
        make_plan(request(element), {**sources(), LOOK: TABLE, f"{LOOK}.mp4": TABLE})


def test_a_table_survives_the_way_through_json() -> None:
    assert SourceInfo.from_json(replace(TABLE, size_bytes=7).as_json()).kind == "lut"
