"""A newer platform does not break this version: answers may have more fields, and texts that are not known yet."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from framelane import types
from framelane.types import Capabilities, Effect, Job, RenderRequest, TextElement, VideoElement
from live import PATIENCE_S, Faults, still

FUTURE = {
    "id": "render_1",
    "kind": "remix",
    "task_type": "dream",
    "workspace_id": "ws_1",
    "status": "resting",
    "progress_percent": 250,
    "progress_stage": "polishing",
    "output": {"url": "https://example.com/a.mp4", "holograms": [{"depth": 3}], "size_bytes": -1},
    "error": {"code": "too_late", "message": "It was.", "hint": "Hurry."},
    "warnings": [{"code": "NEW", "message": "?", "path": None, "line": 3}],
    "metadata": {"a": "b"},
    "created_at": "2030-01-01T00:00:00Z",
    "updated_at": "2030-01-01T00:00:00.123456+02:00",
    "completed_at": None,
    "mood": "calm",
}


def test_a_job_of_the_future_is_read(client: Any, faults: Faults) -> None:
    faults.answer("GET", "^/v1/renders/render_1$", 200, FUTURE)
    job = client.renders.get("render_1")
    assert (job.status, job.kind, job.progress_percent) == ("resting", "remix", 250)
    assert job.mood == "calm"
    assert job.output.holograms == [{"depth": 3}]
    assert job.error.code == "too_late"
    assert job.model_dump(mode="json")["mood"] == "calm"


def test_a_state_of_the_future_is_waited_through(client: Any, faults: Faults, pauses: list[float]) -> None:
    faults.answer("GET", "^/v1/renders/render_1$", 200, FUTURE, times=2)
    faults.answer("GET", "^/v1/renders/render_1$", 200, {**FUTURE, "status": "completed"})
    told: list[str] = []
    job = client.renders.wait("render_1", on_progress=lambda now: told.append(now.status))
    assert job.status == "completed"
    assert told == ["resting", "completed"]


def test_pages_of_the_future_are_read(client: Any, faults: Faults) -> None:
    faults.answer("GET", "^/v1/tasks$", 200, {"data": [FUTURE], "total": 1})
    assert [job.status for job in client.tasks.list()] == ["resting"]


ANSWERS = sorted(name for name in types.__all__ if name.endswith("Out"))


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_hold_no_closed_lists_and_no_ranges(name: str) -> None:
    model: type[BaseModel] = getattr(types, name)
    assert model.model_config.get("extra") == "allow"
    assert list(closed(model)) == []


def closed(model: type[BaseModel]) -> Any:
    """Fields of a model, and of those in it, that refuse what the present document does not list."""
    for name, field in model.model_fields.items():
        if field.metadata:
            yield f"{model.__name__}.{name}: {field.metadata}"
        for kind in parts(field.annotation):
            if str(kind).startswith("typing.Literal") and str not in list(parts(field.annotation)):
                yield f"{model.__name__}.{name}: {kind}"
            if isinstance(kind, type) and not get_args(kind) and issubclass(kind, BaseModel):
                yield from closed(kind)


def parts(kind: Any) -> Any:
    yield kind
    if not str(kind).startswith("typing.Literal"):
        for part in get_args(kind):
            yield from parts(part)


def test_capabilities_may_grow(client: Any, faults: Faults) -> None:
    now = client.capabilities.get().model_dump(mode="json")
    now["effects"].append({"type": "hologram", "supported": True, "depth": 3})
    now["moods"] = ["calm"]
    faults.answer("GET", "^/v1/capabilities$", 200, now)
    can: Capabilities = client.capabilities.get()
    assert can.effects[-1].type == "hologram"
    assert can.moods == ["calm"]  # type: ignore[attr-defined]


def test_requests_are_as_strict_as_the_document() -> None:
    with pytest.raises(ValidationError, match="Input should be less than or equal to 240"):
        RenderRequest(frame_rate=241)
    with pytest.raises(ValidationError, match="Input should be 'vintage'"):
        Effect.model_validate({"type": "vintag"})


def test_only_what_was_set_is_sent(client: Any, faults: Faults) -> None:
    from framelane._scenes import body_of

    scene = RenderRequest(
        elements=[VideoElement(type="video", source_url="https://example.com/a.mp4", width="50%", lut_url=None)]
    )
    assert body_of(scene) == {
        "elements": [{"type": "video", "source_url": "https://example.com/a.mp4", "width": "50%", "lut_url": None}]
    }
    mixed = {"elements": [TextElement(type="text", text="Mixed", duration=1)]}
    assert body_of(mixed) == {"elements": [{"type": "text", "text": "Mixed", "duration": 1.0}]}
    assert client.renders.validate(mixed).valid


def test_models_have_short_names() -> None:
    assert types.Job is types.JobOut is Job
    assert types.Asset is types.AssetOut
    assert set(types.__all__) >= {"RenderRequest", "Webhook", "WebhookEvent", "ApiKey", "Workspace", "Usage", "Plan"}


def test_a_scene_of_a_model_renders(client: Any) -> None:
    assert client.renders.create_and_wait(still(), timeout_s=PATIENCE_S).status == "completed"
