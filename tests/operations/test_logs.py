"""Log lines: one each, with what they belong to, and without what nobody may read."""

import json
import logging
from collections.abc import Callable
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from apps.api_keys.keys import PREFIX
from apps.jobs.models import Job
from apps.jobs.services.attempts import Claim
from apps.workspaces.members import add_member
from apps.workspaces.models import Role
from framelane.api import request_ids, task_logs
from framelane.api.logs import JsonFormatter, PlainFormatter
from framelane.api.redaction import redacted
from framelane.api.request_ids import RequestIdFilter
from framelane.lib import log_context
from gpu_tasks import worker
from gpu_tasks.watch import Settle, Watch
from tests.people import Person

HOSTILE = [
    "two\nlines",
    "carriage\rreturn",
    "form\x0cfeed \x1b[31mred\x1b[0m",
    "\u2028\u2029\x85 \x1c\x1d\x1e",
    'quote " and \\ backslash',
    '{"level": "ERROR"}\n{"level": "CRITICAL"}',
    "nul \0",
]
SECRETS = {
    "https://user:hunter2@cdn.example.org/a.mp4": "hunter2",
    "see https://cdn.example.org/a.mp4?Signature=hunter2&x=1 now": "hunter2",
    "('https://cdn.example.org/a.mp4?token=hunter2',)": "hunter2",
    "https://cdn.example.org/a.mp4#hunter2": "hunter2",
    "redis://:hunter2@10.0.0.1:6379/0": "hunter2",
    "postgres://framelane:hunter2@db/framelane": "hunter2",
    "Authorization: Bearer hunter2hunter2": "hunter2",
    "fl_live_hunter2hunter2": "hunter2",
    "whsec_hunter2+/=": "hunter2",
    "sk_live_hunter2": "hunter2",
    "Forbidden: /uploads/aHVudGVyMg.1800000000.hunter2": "hunter2",
    "eyJhbGciOiJ.eyJzdWIiOiJ1.hunter2": "hunter2",
}


def record(message: str, **extra: Any) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": "test", "levelname": "INFO", "msg": "%s", "args": (message,), **extra})
    RequestIdFilter().filter(made)
    return made


def as_json(message: str, **extra: Any) -> dict[str, Any]:
    line = JsonFormatter().format(record(message, **extra))
    assert len(line.splitlines()) == 1
    parsed: dict[str, Any] = json.loads(line)
    return parsed


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_logged_is_one_line(text: str) -> None:
    assert as_json(text, extra_text=text).items() >= {"message": text, "extra_text": text}.items()
    line = PlainFormatter().format(record(text, extra_text=text))
    assert len(line.splitlines()) == 1
    assert all(character.isprintable() for character in line)


@pytest.mark.parametrize("text", HOSTILE)
def test_tracebacks_add_no_lines_of_others_making(text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError as error:
        problem = record("broken", exc_info=(ValueError, error, error.__traceback__))
    assert len(JsonFormatter().format(problem).splitlines()) == 1
    assert not any(line.startswith("{") for line in PlainFormatter().format(problem).splitlines()[:-2])


@pytest.mark.parametrize(("text", "secret"), SECRETS.items())
def test_secrets_are_left_out(text: str, secret: str) -> None:
    try:
        raise ValueError(text)
    except ValueError as error:
        extra = {"exc_info": (ValueError, error, error.__traceback__), "found": {"list": [text]}, "stack_info": text}
        lines = [form.format(record(text, **extra)) for form in (JsonFormatter(), PlainFormatter())]
    assert all(secret not in line for line in lines)


def test_our_keys_are_known_to_the_filter() -> None:
    assert redacted(f"{PREFIX}hunter2") == f"{PREFIX}…"


@pytest.mark.parametrize(
    "text", ["https://cdn.example.org/a.mp4", "/v1/renders/{render_id}", "/uploads/{token}", "50 %"]
)
def test_what_holds_no_secret_stays(text: str) -> None:
    assert redacted(text) == text


def test_lines_carry_what_they_belong_to() -> None:
    with log_context.scope(job="render_1", attempt=2):
        with log_context.scope(job="render_2"):
            assert as_json("x").items() >= {"job": "render_2", "attempt": "2"}.items()
        assert as_json("x")["job"] == "render_1"
        assert "job=render_1 attempt=2" in PlainFormatter().format(record("x"))
    assert "job" not in as_json("x")


def test_threads_begin_without_anything() -> None:
    seen: list[Any] = []
    with log_context.scope(job="render_1"):
        thread = Thread(target=lambda: seen.append(dict(log_context.current())))
        thread.start()
        thread.join()
    assert seen == [{}]


# --- Requests -------------------------------------------------------------------------------------------------------


@pytest.fixture
def access(caplog: pytest.LogCaptureFixture) -> Any:
    """The lines about requests, as objects."""
    caplog.handler.addFilter(RequestIdFilter())
    lines: list[dict[str, Any]] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            RequestIdFilter().filter(record)
            lines.append(json.loads(JsonFormatter().format(record)))

    handler, logger = Keep(), logging.getLogger("framelane.access")
    logger.addHandler(handler)
    with caplog.at_level(logging.INFO, "framelane.access"):
        yield lines
    logger.removeHandler(handler)


def test_a_request_is_one_line(alice: Person, access: list[dict[str, Any]]) -> None:
    alice.get("/v1/renders?limit=1&secret=hunter2", HTTP_X_REQUEST_ID="trace-0123456789")
    (line,) = access
    assert line["duration_ms"] >= 0
    assert {name: line[name] for name in line if name not in ("time", "duration_ms", "message", "level", "logger")} == {
        "method": "GET",
        "route": "/v1/renders",
        "status": 200,
        "workspace": alice.workspace.id,
        "request_id": "trace-0123456789",
    }
    assert "hunter2" not in json.dumps(line)


def test_a_workspace_is_not_named_in_the_next_request(
    alice: Person, anonymous: APIClient, access: list[dict[str, Any]]
) -> None:
    alice.get("/v1/workspace")
    anonymous.get("/v1/workspace")
    assert [line.get("workspace") for line in access] == [alice.workspace.id, None]


def test_pages_of_the_console_name_the_workspace(alice: Person, access: list[dict[str, Any]]) -> None:
    user = User.objects.create_user("alice")
    add_member(workspace=alice.workspace, user=user, role=Role.OWNER)
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    browser.get(reverse("console:dashboard"))
    assert [line.get("workspace") for line in access] == [alice.workspace.id]


@pytest.mark.django_db
def test_paths_and_what_they_hold_are_not_told(anonymous: APIClient, access: list[dict[str, Any]]) -> None:
    anonymous.get("/uploads/hunter2hunter2")
    anonymous.get("/hunter2")
    assert [line["route"] for line in access] == ["/uploads/{token}", "unmatched"]
    assert "hunter2" not in json.dumps(access)


# --- Workers --------------------------------------------------------------------------------------------------------


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A task at the moment when a worker turns to it."""
    message = {"hostname": "io@host", "delivery_info": {"routing_key": "io"}}
    yield SimpleNamespace(name="apps.mail.tasks.send", request=SimpleNamespace(**message))
    task_logs.end()


def test_tasks_are_named(task: Any) -> None:
    task_logs.begin(task_id="1-2-3", task=task)
    expected = {"task": "apps.mail.tasks.send", "task_id": "1-2-3", "worker": "io@host", "queue": "io"}
    assert as_json("x").items() >= {**expected, "request_id": "-"}.items()
    task_logs.end()
    assert "task" not in as_json("x")


def test_the_request_goes_along_with_the_message(task: Any) -> None:
    headers: dict[str, Any] = {}
    request_ids.adopt("trace-0123456789")
    task_logs.send_request_id(headers=headers)
    request_ids.adopt("")
    setattr(task.request, task_logs.HEADER, headers[task_logs.HEADER])
    task_logs.begin(task_id="1-2-3", task=task)
    assert as_json("x")["request_id"] == "trace-0123456789"
    task_logs.end()
    assert as_json("x")["request_id"] == "-"


@pytest.mark.parametrize("value", ["a\nb-0123456789", "", None, "x" * 200])
def test_what_is_no_name_of_a_request_is_not_taken(task: Any, value: Any) -> None:
    setattr(task.request, task_logs.HEADER, value)
    task_logs.begin(task_id="1-2-3", task=task)
    assert as_json("x")["request_id"] == "-"


@pytest.mark.parametrize("is_hinted", [True, False])
def test_an_attempt_names_its_job(render: Callable[[], Job], monkeypatch: pytest.MonkeyPatch, is_hinted: bool) -> None:
    """Also of another job than the message spoke of; but that one's request is none of the job's."""
    first, second = render(), render()
    seen: list[dict[str, Any]] = []

    def run(claim: Claim, watch: Watch) -> Settle:
        seen.append(as_json("the child said no"))
        return lambda: None

    monkeypatch.setattr(worker, "_run", run)
    request_ids.adopt("trace-0123456789")
    worker.attempt(first.id if is_hinted else second.id, worker="cpu@host/1")
    request_ids.adopt("")
    expected = {"job": first.id, "attempt": "1", "workspace": first.workspace_id}
    assert seen[0].items() >= expected.items()
    assert seen[0]["request_id"] == ("trace-0123456789" if is_hinted else "-")
    assert "job" not in as_json("afterwards")


def test_celery_sends_the_name_for_real() -> None:
    """Through a broker in memory: what is published carries the header, and what has none does not."""
    app = Celery("probe", broker="memory://", set_as_current=False)
    app.conf.task_default_queue = "probe"
    try:
        request_ids.adopt("trace-0123456789")
        app.send_task("probe.task")
    finally:
        request_ids.adopt("")
    app.send_task("probe.task")
    with app.connection_for_read() as connection:
        queue = connection.SimpleQueue("probe")
        found = [queue.get(block=False).headers.get(task_logs.HEADER) for _ in range(2)]
    assert found == ["trace-0123456789", None]
