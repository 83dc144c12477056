"""What pages show as JSON is JSON: requests that are taken and render, answers of their component."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from framelane.api.openapi import build
from gpu_tasks.render import main as render
from gpu_tasks.timeline.lint import parse_render
from tests.docs.pages import Block, pages, read
from tests.docs.stage import SAMPLES

DOCUMENT = build()
COMPONENTS: dict[str, Any] = DOCUMENT["components"]["schemas"]
MAX_SIDE_PX, MAX_DURATION_S = 640, 4.0
CLIP = {"type": "video", "id": "a", "source_url": "clip.mp4", "time": 0, "out_point": 2}
NEXT = {"type": "video", "id": "b", "source_url": "second.mp4", "time": 2, "out_point": 2}
TITLE = {"type": "text", "id": "title", "text": "A title of words", "time": 0, "duration": 2, "font_size": 40}
PARTS = ("element", "motion", "transition", "effect", "word_animation", "text motion")
PAGES = [page for page in pages() if page.of("json")]
SUFFIXES = {"gif": "gif", "mov": "mov", "webm": "webm", "png": "png", "jpg": "jpg", "mp4": "mp4"}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("path", [pytest.param(page.path, id=page.name) for page in PAGES])
def test_the_json_of_a_page_is_true(path: Path, tmp_path: Path) -> None:
    problems = [
        f"{block.place}: {problem}"
        for number, block in enumerate(read(path).of("json"))
        for problem in problems_of(block, tmp_path / str(number))
    ]
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


def problems_of(block: Block, folder: Path) -> list[str]:
    try:
        value = json.loads(block.text)
    except ValueError as error:
        return [f"not JSON: {error}"]
    if block.detail in COMPONENTS:
        return broken_rules(block.detail, value)
    if block.detail and block.detail not in PARTS:
        return [f"json {block.detail}: say nothing for a render request, or one of {', '.join(PARTS)}, or a component"]
    scene = value if not block.detail else scene_around(block.detail, value)
    return rendered(scene, folder) or broken_rules("RenderRequest", scene)


def broken_rules(component: str, value: Any) -> list[str]:
    """Where a value is not of a component of the OpenAPI document."""
    schema = {"$ref": f"#/components/schemas/{component}", "components": DOCUMENT["components"]}
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{component}{error.json_path[1:]}: {error.message}" for error in validator.iter_errors(value)]


def scene_around(part: str, value: Any) -> dict[str, Any]:
    """The smallest scene that has this part."""
    scene: dict[str, Any] = {"width": 320, "height": 180}
    if part == "element":
        return {**scene, "elements": value if isinstance(value, list) else [value]}
    if part == "transition":
        return {**scene, "elements": [CLIP, NEXT], "transitions": [{"from_id": "a", "to_id": "b"} | value]}
    if part == "effect":
        return {**scene, "elements": [{**CLIP, "effects": [value]}]}
    if part == "word_animation":
        return {**scene, "elements": [{**TITLE, "word_animation": value}]}
    base = TITLE if part == "text motion" else CLIP
    return {**scene, "elements": [{**base, "motion": value if isinstance(value, list) else [value]}]}


def rendered(scene: dict[str, Any], folder: Path) -> list[str]:
    """What the engine says to a scene, made small. The sources are the samples, by the last part of their address."""
    small = shrunk(scene)
    try:
        urls = parse_render(small, local_sources=True).source_urls()
    except ValueError as error:
        return [str(error)]
    sources = {url: SAMPLES / url.partition("?")[0].rpartition("/")[2] for url in urls}
    if strange := [url for url, file in sources.items() if not file.is_file()]:
        return [f"{url} is none of the sample files" for url in strange]
    folder.mkdir(parents=True)
    (folder / "scene.json").write_text(json.dumps(small), "utf-8")
    (folder / "sources.json").write_text(json.dumps({url: str(file) for url, file in sources.items()}), "utf-8")
    suffix = SUFFIXES[small.get("output_format", "mp4")]
    arguments = ["--sources", str(folder / "sources.json"), "--progress", "json"]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = render([str(folder / "scene.json"), str(folder / f"film.{suffix}"), *arguments])
    last = json.loads(said.getvalue().splitlines()[-1])
    return [] if status == 0 and not last["result"]["warnings"] else [json.dumps(last)]


def shrunk(scene: dict[str, Any]) -> dict[str, Any]:
    """The same scene no larger and no longer than a test should take. Its pixels keep their numbers."""
    width, height = scene.get("width", 1280), scene.get("height", 720)
    scale = min(1.0, MAX_SIDE_PX / max(width, height))
    small = {**scene, "width": max(round(width * scale), 2), "height": max(round(height * scale), 2)}
    if small.get("duration", 0) > MAX_DURATION_S:
        small["duration"] = MAX_DURATION_S
    return small
