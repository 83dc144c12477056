"""What the demo does to a scene before it is sent."""

import json
from pathlib import Path

import pytest

from examples.sources.__main__ import MAKERS
from gpu_tasks.timeline.catalogue import names
from gpu_tasks.timeline.lint import lint, parse_render, unknown_fields
from scripts.demo.__main__ import source_names, with_sources
from scripts.demo.progress import bar_line

EXAMPLES = sorted(Path("examples").glob("*.json"))


def test_names_of_sources_become_their_urls() -> None:
    scene = {"background_image_url": "sky.png", "elements": [{"source_url": "clip.mp4", "text": "clip.mp4"}]}
    assert source_names(scene) == {"sky.png", "clip.mp4"}
    urls = {"sky.png": "https://media/1.png", "clip.mp4": "https://media/2.mp4"}
    assert with_sources(scene, urls) == {
        "background_image_url": "https://media/1.png",
        "elements": [{"source_url": "https://media/2.mp4", "text": "clip.mp4"}],
    }


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_valid_and_its_sources_exist(path: Path) -> None:
    scene = json.loads(path.read_text("utf-8"))
    assert lint(parse_render(scene, local_sources=True)) == []
    assert unknown_fields(scene) == []
    assert source_names(scene) <= set(MAKERS)


def test_the_demo_film_shows_every_element_type_motion_and_kind_of_transition() -> None:
    scene = json.loads(Path("examples/hello.json").read_text("utf-8"))
    elements = scene["elements"]
    motions = {motion["type"] for element in elements for motion in element.get("motion", [])}
    assert {element["type"] for element in elements} == set(names("element_types"))
    assert {"fade", "slide_up", "slide_left", "slide_right", "zoom_in", "ken_burns_in"} <= motions
    assert {"cross_dissolve", "dip_to_black", "wipe_left"} == {t["type"] for t in scene["transitions"]}
    used = {field for element in elements for field in element}
    assert {
        "in_point", "speed", "crop_left", "fit", "flip_horizontal", "border_radius", "opacity", "z_rotation", "stroke",
        "shadow", "background", "text_decoration", "tracking", "fade_in_duration", "fade_out_duration", "z_index",
    } <= used  # fmt: skip


def test_the_bar_shows_percent_and_stage() -> None:
    assert bar_line("processing", "encoding", 50) == f"  {'█' * 18}{'░' * 18}  50 %  encoding"
    assert bar_line("queued", None, 0).endswith("0 %  queued")
