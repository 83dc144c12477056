"""`/v1/tasks`: bodies become jobs in the queue of their kind, or are refused with the place and what is accepted."""

from pathlib import Path
from typing import Any

import pytest

from apps.events.models import Event
from apps.jobs.models import Job, Kind, Status
from apps.jobs.services import attempts
from apps.jobs.timing import deadline
from framelane.lib import ids
from tests.jobs.conftest import Broker, claimed
from tests.people import Person

SOURCE = {"source_url": "https://example.org/talk.mp4"}
QUEUES = {
    "super-resolution": "task.super_resolution",
    "gaze-redirect": "task.gaze",
    "remove-background": "task.background_removal",
    "transcribe": "task.transcribe",
}
PATHS = list(QUEUES)


@pytest.fixture(autouse=True)
def provider(settings: Any) -> None:
    """Somebody transcribes."""
    settings.FRAMELANE_ASSEMBLYAI_API_KEY = "key"


def error_of(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def first_field(response: Any) -> tuple[str, str]:
    field = response.json()["error"]["details"]["fields"][0]
    return field["path"], field["message"]


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


# --- Accepted -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
def test_queues_a_task(alice: Person, broker: Broker, path: str, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = alice.post(f"/v1/tasks/{path}", {**SOURCE, "metadata": {"n": "1"}, "unknown": 1})
    body = response.json()
    assert response.status_code == 202
    assert (body["kind"], body["task_type"], body["status"]) == ("task", path.replace("-", "_"), "queued")
    assert (body["metadata"], body["output"], body["warnings"]) == ({"n": "1"}, None, [])
    job = Job.objects.get(id=body["id"])
    # What the client set, no more: defaults may change.
    assert (job.queue, job.request) == (QUEUES[path], {**SOURCE, "metadata": {"n": "1"}})
    assert ("gpu_tasks.worker.run_job", (job.id,), QUEUES[path]) in broker.sent
    assert Event.objects.filter(type="task.queued").count() == 1


@pytest.mark.parametrize("path", PATHS)
def test_the_same_key_makes_one_task(alice: Person, path: str) -> None:
    first = alice.post(f"/v1/tasks/{path}", SOURCE, HTTP_IDEMPOTENCY_KEY="once")
    again = alice.post(f"/v1/tasks/{path}", SOURCE, HTTP_IDEMPOTENCY_KEY="once")
    other = alice.post(f"/v1/tasks/{path}", {**SOURCE, "metadata": {"n": "1"}}, HTTP_IDEMPOTENCY_KEY="once")
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["id"] == again.json()["id"]
    assert error_of(other) == (409, "idempotency_conflict")
    assert Job.objects.count() == 1


def test_a_refused_body_does_not_use_up_its_key(alice: Person) -> None:
    refused = alice.post("/v1/tasks/super-resolution", {**SOURCE, "scale": 9}, HTTP_IDEMPOTENCY_KEY="once")
    assert refused.status_code == 422
    assert alice.post("/v1/tasks/super-resolution", SOURCE, HTTP_IDEMPOTENCY_KEY="once").status_code == 202


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("super-resolution", {"scale": 1}),
        ("super-resolution", {"scale": 2.5}),
        ("gaze-redirect", {"intensity": 0}),
        ("remove-background", {"output": "color", "background_color": "#00B140"}),
        ("remove-background", {"output": "color", "background_color": "#00b140ff"}),
        ("remove-background", {"output": "matte"}),
        ("remove-background", {"format": "mov"}),
        ("remove-background", {"output": "alpha", "format": "webm"}),
        ("remove-background", {"output": "blur", "format": None}),
        ("transcribe", {"language": None}),
        ("transcribe", {"language": "en"}),
        ("transcribe", {"language": "pt-BR"}),
        ("transcribe", {"language": "zh-Hans-CN"}),
        ("transcribe", {"language": "es-419"}),
        ("transcribe", {"language": "sl-rozaj-biske"}),
        ("transcribe", {"speaker_labels": True, "speakers_expected": 10}),
        ("transcribe", {"word_boost": ["Framelane", "a phrase of words"]}),
    ],
)
def test_takes_what_is_in_range(alice: Person, path: str, fields: dict[str, Any]) -> None:
    response = alice.post(f"/v1/tasks/{path}", {**SOURCE, **fields})
    assert response.status_code == 202
    assert Job.objects.get().request == {**SOURCE, **fields}


@pytest.mark.parametrize("output", ["alpha", "matte", "blur"])
def test_warns_of_a_colour_that_is_not_used(alice: Person, output: str) -> None:
    response = alice.post("/v1/tasks/remove-background", {**SOURCE, "output": output, "background_color": "#00b140"})
    warning = response.json()["warnings"][0]
    assert response.status_code == 202
    assert (warning["code"], warning["path"]) == ("BACKGROUND_COLOR_UNUSED", "/background_color")


# --- Refused --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
def test_needs_a_source(alice: Person, path: str) -> None:
    response = alice.post(f"/v1/tasks/{path}", {})
    assert error_of(response) == (422, "validation_error")
    assert first_field(response)[0] == "/source_url"
    assert not Job.objects.exists()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", [[], [SOURCE], "talk.mp4", 7, True])
def test_the_body_is_an_object(alice: Person, path: str, body: Any) -> None:
    assert error_of(alice.post(f"/v1/tasks/{path}", body)) == (422, "validation_error")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "source", ["", "talk.mp4", "file:///etc/passwd", "ftp://example.org/a.mp4", 7, None, "http://"]
)
def test_the_source_is_an_address_on_the_web(alice: Person, path: str, source: Any) -> None:
    response = alice.post(f"/v1/tasks/{path}", {"source_url": source})
    assert error_of(response) == (422, "validation_error")
    assert first_field(response)[0] == "/source_url"


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("super-resolution", "scale", 0.99),
        ("super-resolution", "scale", 4.01),
        ("super-resolution", "scale", "two"),
        ("gaze-redirect", "intensity", -0.1),
        ("gaze-redirect", "intensity", 1.1),
        ("remove-background", "output", "alhpa"),
        ("remove-background", "background_color", "red"),
        ("remove-background", "format", "gif"),
        ("transcribe", "speech_model", "universal-9"),
        ("transcribe", "speakers_expected", 0),
        ("transcribe", "speakers_expected", 11),
        ("transcribe", "word_boost", ["word"] * 201),
        ("transcribe", "word_boost", ["w" * 201]),
        ("transcribe", "word_boost", [" "]),
        ("super-resolution", "webhook_url", "ftp://example.org"),
        ("super-resolution", "metadata", {"n": 1}),
        ("super-resolution", "metadata", {str(n): "" for n in range(65)}),
    ],
)
def test_refuses_values_out_of_range(alice: Person, path: str, field: str, value: Any) -> None:
    response = alice.post(f"/v1/tasks/{path}", {**SOURCE, field: value})
    assert error_of(response) == (422, "validation_error")
    assert first_field(response)[0].startswith(f"/{field}")
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "tag", ["e", "english", "en_US", "en-", "-en", "en-US-", "en us", "en-1", "x" * 40, "", "日本"]
)
def test_refuses_what_is_no_language_tag(alice: Person, tag: str) -> None:
    response = alice.post("/v1/tasks/transcribe", {**SOURCE, "language": tag})
    assert error_of(response) == (422, "validation_error")
    assert first_field(response)[0] == "/language"


@pytest.mark.parametrize(
    ("path", "fields", "place", "words"),
    [
        ("remove-background", {"output": "color"}, "/background_color", "#rrggbb"),
        ("remove-background", {"output": "color", "background_color": None}, "/background_color", "#rrggbb"),
        ("remove-background", {"output": "color", "background_color": "#00b14080"}, "/background_color", "not opaque"),
        ("remove-background", {"output": "matte", "format": "mov"}, "/format", "output 'alpha'"),
        ("remove-background", {"output": "blur", "format": "webm"}, "/format", "output 'alpha'"),
        ("transcribe", {"speakers_expected": 2}, "/speakers_expected", "speaker_labels: true"),
    ],
)
def test_refuses_fields_that_contradict_each_other(
    alice: Person, path: str, fields: dict[str, Any], place: str, words: str
) -> None:
    response = alice.post(f"/v1/tasks/{path}", {**SOURCE, **fields})
    assert error_of(response) == (422, "validation_error")
    assert first_field(response)[0] == place
    assert words in first_field(response)[1]


def test_names_the_nearest_value(alice: Person) -> None:
    response = alice.post("/v1/tasks/remove-background", {**SOURCE, "output": "alhpa"})
    assert "'alpha'" in first_field(response)[1]


@pytest.mark.parametrize("path", PATHS)
def test_keeps_the_address_of_its_own_receiver(alice: Person, path: str) -> None:
    response = alice.post(f"/v1/tasks/{path}", {**SOURCE, "webhook_url": "https://example.org/hook"})
    assert response.status_code == 202
    assert Job.objects.get(id=response.json()["id"]).webhook_url == "https://example.org/hook"


def test_says_how_to_enable_transcription(alice: Person, settings: Any) -> None:
    settings.FRAMELANE_ASSEMBLYAI_API_KEY = ""
    response = alice.post("/v1/tasks/transcribe", SOURCE)
    assert error_of(response) == (422, "unsupported_feature")
    message = response.json()["error"]["message"]
    assert "FRAMELANE_ASSEMBLYAI_API_KEY" in message
    assert "FRAMELANE_WHISPER_MODEL" in message
    assert not Job.objects.exists()


def test_says_what_a_local_model_cannot_do(alice: Person, settings: Any, tmp_path: Path) -> None:
    settings.FRAMELANE_ASSEMBLYAI_API_KEY = ""
    settings.FRAMELANE_WHISPER_MODEL = tmp_path
    response = alice.post("/v1/tasks/transcribe", {**SOURCE, "speaker_labels": True, "iab_categories": True})
    assert error_of(response) == (422, "unsupported_feature")
    assert [field["path"] for field in response.json()["error"]["details"]["fields"]] == [
        "/speaker_labels",
        "/iab_categories",
    ]
    assert alice.post("/v1/tasks/transcribe", {**SOURCE, "language": "de"}).status_code == 202


# --- Read -----------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("task_type", "file", "has_subtitles"),
    [
        ("transcribe", "transcript.json", True),
        ("remove_background", "output.webm", False),
    ],
)
def test_shows_what_a_task_made(alice: Person, task_type: str, file: str, has_subtitles: bool) -> None:
    task = task_of(alice, task_type)
    held = claimed(task)
    attempts.complete(held, attempts.Output(key=held.folder + file, size_bytes=7, duration_s=3.5))
    body = alice.get(f"/v1/tasks/{task.id}").json()
    assert (body["status"], body["output"]["duration"], body["output"]["width"]) == ("completed", 3.5, None)
    assert f"/tasks/{task.id}/attempt-1/{file}" in body["output"]["url"]
    subtitles = body["output"]["subtitles"]
    assert bool(subtitles) == has_subtitles
    for extension in subtitles or {}:
        assert f"/attempt-1/transcript.{extension}?" in subtitles[extension]
    assert alice.get(f"/v1/tasks/{task.id}/download").status_code == 302
    assert Job.objects.get(id=task.id).status == Status.COMPLETED
