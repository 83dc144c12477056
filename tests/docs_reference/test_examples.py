"""Every example of the reference is one that the platform takes, and that the engine renders."""

import json
from typing import Any

import pytest

from gpu_tasks.timeline.lint import lint, parse_render, unknown_fields
from gpu_tasks.timeline.tasks import BODIES, parse_task
from scripts.gallery.studio import Studio
from tests.docs.stage import SAMPLES
from tests.docs.test_json import COMPONENTS, PARTS, broken_rules
from tests.docs_reference.read import blocks, pages, scene_of

SIZE_PX = (160, 90)
MOMENT_S = {"transition": 2.2, "motion": 0.4, "text motion": 0.4}
"""When an example shows what it is about; others do in the middle of a short film."""
TASKS = {body.__name__: name for name, body in BODIES.items()}


@pytest.mark.parametrize("name", pages())
def test_the_examples_of_a_page_are_taken(name: str) -> None:
    for block in blocks(pages()[name]):
        value = json.loads(block.text)
        if block.detail in COMPONENTS:
            assert broken_rules(block.detail, value) == []
        else:
            assert block.detail in ("", *PARTS)
            assert _findings(scene_of(block.detail, value)) == [], block.text
        if block.detail in TASKS:
            parse_task(TASKS[block.detail], value)


def _findings(scene: dict[str, Any]) -> list[Any]:
    """Findings of the server's own check. Raises InvalidRequest where it would refuse."""
    found = lint(parse_render(scene, local_sources=True))
    return [*found, *unknown_fields(scene), *broken_rules("RenderRequest", scene)]


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", [name for name, page in pages().items() if "```json" in page.markdown])
def test_the_examples_of_a_page_render(name: str) -> None:
    studio = Studio(SAMPLES)
    shown = [block for block in blocks(pages()[name]) if block.detail not in COMPONENTS]
    for block in shown:
        scene = scene_of(block.detail, json.loads(block.text))
        small = {**scene, "width": SIZE_PX[0], "height": SIZE_PX[1], "output_format": "png", "alpha": False}
        still = {**small, "poster_time": MOMENT_S.get(block.detail, 1.0)}
        frames = list(studio.frames(still))
        assert [frame.shape for frame in frames] == [(SIZE_PX[1], SIZE_PX[0], 3)]
        assert _is_heard(scene) or frames[0].std() > 1, f"nothing is seen of {block.text}"


def _is_heard(scene: dict[str, Any]) -> bool:
    return all(element["type"] == "audio" for element in scene["elements"])
