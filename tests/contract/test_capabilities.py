"""`GET /v1/capabilities`: complete, derived, and in step with what the validators refuse."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.capabilities.selectors import capabilities
from framelane.api import errors
from framelane.api.error_codes import ERROR_CODES
from gpu_tasks.timeline.catalogue import catalogue, names
from gpu_tasks.timeline.lint import InvalidRequest, parse_render

KEYS = {
    "api_version",
    "engine",
    "output_formats",
    "input_formats",
    "element_types",
    "effects",
    "motions",
    "transitions",
    "easings",
    "blend_modes",
    "word_animations",
    "animation_presets",
    "fonts",
    "tasks",
    "canvas",
    "limits",
    "rate_limits",
    "plans",
    "errors",
    "webhook_events",
    "onboarding",
}
# What is not a list of entries but plain facts.
FACTS = {"api_version", "limits", "rate_limits"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    sent: dict[str, Any] = json.loads(json.dumps(capabilities()))
    return sent


def entries(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every entry with the place where it stands."""
    for key in sorted(KEYS - FACTS - {"engine", "canvas"}):
        yield from ((f"{key}/{found['type']}", found) for found in document[key])
    yield from ((f"canvas/{name}", field) for name, field in document["canvas"].items())
    yield from ((f"encoders/{found['type']}", found) for found in document["engine"]["encoders"])
    for element in document["element_types"]:
        yield from ((f"{element['type']}/{name}", field) for name, field in element["fields"].items())
    for motion in document["motions"]:
        yield from ((f"{motion['type']}/{scope['type']}", scope) for scope in motion["scopes"])
    for task in document["tasks"]:
        yield from ((f"{task['type']}/{name}", parameter) for name, parameter in task["parameters"].items())


def test_it_has_every_key_of_the_contract(document: dict[str, Any]) -> None:
    assert set(document) >= KEYS
    assert set(document["engine"]) == {"version", "accelerator", "encoders"}


def test_every_entry_has_a_type_and_says_whether_and_why_not(document: dict[str, Any]) -> None:
    found = list(entries(document))
    assert len(found) > 300
    for place, entry in found:
        assert isinstance(entry["type"], str), place
        assert isinstance(entry["supported"], bool), place
        assert bool(entry.get("reason")) != entry["supported"], place


@pytest.mark.parametrize(
    ("key", "section"),
    [
        ("element_types", "element_types"),
        ("output_formats", "output_formats"),
        ("effects", "effects"),
        ("motions", "motions"),
        ("transitions", "transitions"),
        ("easings", "easings"),
        ("blend_modes", "blend_modes"),
        ("word_animations", "word_animation_styles"),
        ("tasks", "task_types"),
    ],
)
def test_no_name_of_the_catalogue_is_missing(document: dict[str, Any], key: str, section: str) -> None:
    assert tuple(entry["type"] for entry in document[key]) == names(section)


def accepts(scene: dict[str, Any]) -> bool:
    """Whether a render is accepted; anything but a missing feature as the reason for a refusal fails the test."""
    try:
        parse_render(scene)
    except InvalidRequest as invalid:
        if invalid.code != "unsupported_feature":
            raise
        return False
    return True


def image(**fields: Any) -> dict[str, Any]:
    source = "https://cdn.example.org/a.png"
    return {"type": "image", "id": "a", "duration": 2, "source_url": source, **fields}


def test_validators_accept_exactly_the_supported_transitions(document: dict[str, Any]) -> None:
    for entry in document["transitions"]:
        scene = {"elements": [image()], "transitions": [{"type": entry["type"], "duration": 1, "to_id": "a"}]}
        assert accepts(scene) == entry["supported"], entry["type"]


def test_validators_accept_exactly_the_supported_effects_and_blend_modes(document: dict[str, Any]) -> None:
    for entry in document["effects"]:
        assert accepts({"elements": [image(effects=[{"type": entry["type"]}])]}) == entry["supported"], entry["type"]
    for entry in document["blend_modes"]:
        assert accepts({"elements": [image(blend_mode=entry["type"])]}) == entry["supported"], entry["type"]


def test_validators_accept_exactly_the_supported_motions(document: dict[str, Any]) -> None:
    for motion in document["motions"]:
        for scope in motion["scopes"]:
            # A motion that only leaves has no entrance to be asked for, and a loop is neither.
            directions = ["loop"] if motion["family"] == "loop" else ["entrance", "exit", "loop"]
            for direction in directions[motion["exit_only"] :]:
                wanted = bool(scope["supported"] and scope[direction])
                assert accepts(moving(motion["type"], scope["type"], direction)) == wanted, (motion["type"], scope)


def moving(motion_type: str, scope: str, direction: str) -> dict[str, Any]:
    motion = {"type": motion_type, "time": 0, "duration": 1, "scope": scope, "reversed": direction == "exit"}
    motion |= {"loop": True} if direction == "loop" else {}
    return {"elements": [{"type": "text", "text": "Hello", "duration": 2, "motion": [motion]}]}


def test_the_whole_catalogue_renders(document: dict[str, Any]) -> None:
    for key in ("effects", "motions", "transitions", "easings", "blend_modes", "word_animations", "fits"):
        assert [entry["type"] for entry in document[key] if not entry["supported"]] == [], key
    assert len(document["animation_presets"]) >= 6
    for element in document["element_types"]:
        assert [name for name, field in element["fields"].items() if not field["supported"]] == [], element["type"]


def test_every_entry_with_a_look_describes_it(document: dict[str, Any]) -> None:
    for key in ("effects", "motions", "transitions", "animation_presets"):
        for found in document[key]:
            assert len(found["look"]) > 10, found["type"]


def test_validators_accept_exactly_the_supported_formats_and_fits(document: dict[str, Any]) -> None:
    for entry in document["output_formats"]:
        assert accepts({"output_format": entry["type"], "elements": [image()]}) == entry["supported"]
        if entry["alpha"]:
            assert accepts({"output_format": entry["type"], "alpha": True, "elements": [image()]})
    for entry in document["fits"]:
        assert accepts({"elements": [image(fit=entry["type"])]}) == entry["supported"], entry["type"]


def test_fields_agree_with_the_published_defaults_and_ranges(document: dict[str, Any]) -> None:
    for element in document["element_types"]:
        for name, published in catalogue()["elements"][element["type"]].items():
            field = element["fields"][name]
            for fact in ("type", "min", "exclusive_min", "max", "engine_min", "engine_max"):
                if fact in published:
                    assert field[fact] == published[fact], (element["type"], name, fact)
            assert field.get("required", False) == published.get("required", False), (element["type"], name)
            if "default" in published:
                assert field["default"] == published["default"], (element["type"], name)


def test_canvas_agrees_with_the_published_defaults_and_ranges(document: dict[str, Any]) -> None:
    published = {name: facts for name, facts in catalogue()["canvas"].items() if isinstance(facts, dict)}
    for name, facts in published.items():
        for fact in facts.keys() & {"type", "default", "min", "max", "exclusive_min", "min_length", "max_length"}:
            assert document["canvas"][name][fact] == facts[fact], (name, fact)


def test_every_error_of_the_api_is_listed(document: dict[str, Any]) -> None:
    listed = [entry["type"] for entry in document["errors"]]
    assert listed == [*ERROR_CODES, *names("job_error_codes")]


@pytest.mark.parametrize(
    "error",
    [
        errors.invalid_request("x"),
        errors.unauthorized("x"),
        errors.quota_exceeded("x"),
        errors.forbidden("x"),
        errors.plan_limit("x"),
        errors.not_found(),
        errors.conflict("x"),
        errors.gone("x"),
        errors.validation_error([]),
        errors.unavailable("x"),
        errors.internal(),
    ],
    ids=lambda error: error.code,
)
def test_errors_have_a_listed_status(error: errors.ApiError) -> None:
    assert error.status in ERROR_CODES[error.code].statuses


def test_rate_limits_and_plans_are_the_published_ones(document: dict[str, Any]) -> None:
    assert document["rate_limits"] == {"free": 60, "pro": 600, "enterprise": 6000}
    assert [plan["type"] for plan in document["plans"]] == ["free", "pro", "enterprise"]


def test_it_is_public_and_cacheable(anonymous: APIClient) -> None:
    first = anonymous.get("/v1/capabilities")
    assert first.status_code == 200
    assert first["Content-Type"] == "application/json"
    assert "public" in first["Cache-Control"]
    for sent in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}', "*"):
        again = anonymous.get("/v1/capabilities", HTTP_IF_NONE_MATCH=sent)
        assert (again.status_code, again.content) == (304, b""), sent
        assert again["ETag"] == first["ETag"]
    assert anonymous.get("/v1/capabilities", HTTP_IF_NONE_MATCH='"other"').status_code == 200
