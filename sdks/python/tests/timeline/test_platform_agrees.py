"""What the platform's own dry run says of the shared cases, and of what the builder makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from framelane import Framelane
from framelane.errors import ValidationFailed
from framelane.timeline import Timeline, Violation, validate
from live import PATIENCE_S, variable

CASES = json.loads((Path(__file__).resolve().parents[3] / "vectors" / "violations.json").read_text("utf-8"))

PLANNED = {"FONT_FALLBACK", "TRANSITION_GAP"}
"""What the platform finds only as it plans and draws a film."""


@pytest.fixture(scope="module")
def api() -> Any:
    variable("FRAMELANE_BASE_URL"), variable("FRAMELANE_API_KEY")
    with Framelane() as client:
        yield client


def asked(api: Framelane, scene: Any) -> set[tuple[str, str, str]]:
    try:
        answer = api.renders.validate(scene)
    except ValidationFailed as refused:
        return {(field["code"], "error", field["path"]) for field in refused.fields}
    return {(warning.code, warning.severity, warning.path) for warning in answer.details.warnings}


def told(found: list[Violation]) -> set[tuple[str, str, str]]:
    """Beside errors the platform names no warnings."""
    severity = "error" if any(violation.severity == "error" for violation in found) else "warning"
    return {(v.code, v.severity, v.path) for v in found if v.severity == severity and v.code not in PLANNED}


def test_the_platform_says_the_same_of_every_case(api: Framelane) -> None:
    capabilities = api.capabilities.get()
    differing = {}
    for case in CASES:
        ours, theirs = told(validate(case["scene"], capabilities)), asked(api, case["scene"])
        if ours != theirs:
            differing[case["name"]] = (ours ^ theirs, ours & theirs)
    assert differing == {}


def test_what_the_builder_makes_is_accepted(api: Framelane, clip_url: str) -> None:
    film = (
        Timeline(width=320, height=180, frame_rate=10)
        .video(clip_url, duration=2)
        .transition("cross_dissolve", 0.5)
        .video(clip_url, in_point=1, duration=2, speed=1.5)
        .text("Hello", time=0.5, duration=2, font_size=40)
        .captions([{"text": "Ten", "start": 0.2, "end": 0.6}, {"text": "minutes", "start": 0.6, "end": 1.2}], "box")
        .audio(clip_url, duration=3, volume=20)
    )
    assert film.validate() == []
    assert film.validate(api.capabilities.get()) == []
    assert asked(api, film) == set()
    output = api.renders.create_and_wait(film, timeout_s=PATIENCE_S).output
    assert output is not None
    assert output.duration == film.duration
