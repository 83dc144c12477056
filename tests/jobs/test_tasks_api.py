"""`/v1/tasks`: bodies are checked as published, and refused while nothing runs them."""

from typing import Any

import pytest

from apps.jobs.models import Job, Kind
from apps.jobs.timing import deadline
from framelane.lib import ids
from tests.people import Person

SOURCE = {"source_url": "https://example.org/talk.mp4"}
PATHS = ["super-resolution", "gaze-redirect", "remove-background", "transcribe"]


def error_of(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def task_of(person: Person, task_type: str = "transcribe") -> Job:
    return Job.objects.create(
        id=ids.new_id("task"),
        workspace=person.workspace,
        kind=Kind.TASK,
        task_type=task_type,
        request=SOURCE,
        queue=f"task.{task_type}",
        deadline=deadline(),
    )


@pytest.mark.parametrize("path", PATHS)
def test_says_that_this_version_runs_no_such_task(alice: Person, path: str) -> None:
    assert error_of(alice.post(f"/v1/tasks/{path}", SOURCE)) == (422, "unsupported_feature")
    assert not Job.objects.exists()


@pytest.mark.parametrize("path", PATHS)
def test_needs_a_source(alice: Person, path: str) -> None:
    response = alice.post(f"/v1/tasks/{path}", {})
    assert error_of(response) == (422, "validation_error")
    assert response.json()["error"]["details"]["fields"][0]["path"] == "/source_url"


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("super-resolution", "scale", 0.99),
        ("super-resolution", "scale", 4.01),
        ("gaze-redirect", "intensity", -0.1),
        ("gaze-redirect", "intensity", 1.1),
        ("remove-background", "output", "alhpa"),
        ("remove-background", "background_color", "red"),
        ("transcribe", "speech_model", "universal-9"),
        ("transcribe", "speakers_expected", 0),
        ("transcribe", "speakers_expected", 11),
        ("transcribe", "word_boost", ["word"] * 201),
        ("super-resolution", "webhook_url", "ftp://example.org"),
        ("super-resolution", "metadata", {"n": 1}),
    ],
)
def test_refuses_values_out_of_range(alice: Person, path: str, field: str, value: Any) -> None:
    response = alice.post(f"/v1/tasks/{path}", {**SOURCE, field: value})
    assert error_of(response) == (422, "validation_error")
    assert response.json()["error"]["details"]["fields"][0]["path"].startswith(f"/{field}")


def test_names_the_nearest_value(alice: Person) -> None:
    response = alice.post("/v1/tasks/remove-background", {**SOURCE, "output": "alhpa"})
    assert "'alpha'" in response.json()["error"]["details"]["fields"][0]["message"]


def test_lists_tasks_by_type(alice: Person, bob: Person) -> None:
    wanted = task_of(alice)
    task_of(alice, "gaze_redirect")
    task_of(bob)
    found = alice.get("/v1/tasks?type=transcribe").json()["data"]
    assert [(row["id"], row["task_type"]) for row in found] == [(wanted.id, "transcribe")]
    assert len(alice.get("/v1/tasks").json()["data"]) == 2
    assert error_of(alice.get("/v1/tasks?type=colorize")) == (422, "validation_error")


def test_shows_and_cancels_a_task(alice: Person, bob: Person) -> None:
    task = task_of(alice)
    assert alice.get(f"/v1/tasks/{task.id}").json()["kind"] == "task"
    assert error_of(alice.get(f"/v1/tasks/{task.id}/download")) == (409, "not_ready")
    assert error_of(bob.delete(f"/v1/tasks/{task.id}")) == (404, "not_found")
    assert alice.delete(f"/v1/tasks/{task.id}").json()["status"] == "cancelled"
