"""Requests that fail for a passing reason are sent again, and do what they do once."""

from __future__ import annotations

import contextlib
import re
import secrets
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest

from framelane import ApiError, ConnectionFailed, JobCancelled, RateLimited, TimedOut
from framelane.errors import Conflict, Unavailable
from live import PATIENCE_S, Clients, Faults, endless_scene, still, text_scene

RENDERS = "^/v1/renders$"


def jobs_named(client: Any, name: str) -> list[Any]:
    return [job for job in client.renders.list() if job.metadata.get("name") == name]


def the_one_job(client: Any, faults: Faults, name: str, attempts: int) -> Any:
    """The only job of that name, made by so many requests which all bore the same key."""
    (job,) = jobs_named(client, name)
    requests = faults.seen("POST", RENDERS)
    keys = {request["headers"]["idempotency-key"] for request in map(lowered, requests)}
    assert len(requests) == attempts
    assert len(keys) == 1
    assert len(keys.pop()) >= 32
    return job


@pytest.fixture
def name() -> str:
    """A name that no job has had on this stand."""
    return secrets.token_hex(8)


def lowered(request: dict[str, Any]) -> dict[str, Any]:
    return {**request, "headers": {name.lower(): value for name, value in request["headers"].items()}}


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failing_server_is_asked_again(
    client: Any, faults: Faults, pauses: list[float], name: str, status: int
) -> None:
    faults.answer("POST", RENDERS, status)
    job = client.renders.create(still(metadata={"name": name}))
    assert the_one_job(client, faults, name, attempts=2).id == job.id
    assert len(pauses) == 1
    assert 0 <= pauses[0] <= 0.5


@pytest.mark.parametrize("action", ["cut_before", "cut_after"])
def test_a_connection_that_breaks_makes_no_second_job(
    client: Any, faults: Faults, pauses: list[float], name: str, action: str
) -> None:
    faults.add("POST", RENDERS, action)
    job = client.renders.create(still(metadata={"name": name}))
    assert the_one_job(client, faults, name, attempts=2).id == job.id
    assert [each["forwarded"] for each in faults.seen("POST", RENDERS)] == [action == "cut_after", True]
    assert len(pauses) == 1


def test_an_answer_that_breaks_off_is_asked_for_again(client: Any, faults: Faults, pauses: list[float]) -> None:
    faults.add("GET", "^/v1/workspace$", "cut_body", bytes=20)
    assert client.workspace.get().name == "SDKs"
    assert len(faults.seen("GET", "^/v1/workspace$")) == 2


def test_a_task_is_made_once_too(client: Any, faults: Faults, pauses: list[float], clip_url: str) -> None:
    faults.add("POST", "^/v1/tasks/", "cut_after", times=2)
    before = {job.id for job in client.tasks.list()}
    job = client.tasks.gaze_redirect(source_url=clip_url, intensity=0)
    assert {each.id for each in client.tasks.list()} - before == {job.id}
    assert len(pauses) == 2
    with contextlib.suppress(Conflict):  # it may have ended meanwhile
        client.tasks.cancel(job)


def test_the_pause_that_the_server_asks_for_is_kept(client: Any, faults: Faults, pauses: list[float]) -> None:
    faults.answer("POST", RENDERS, 429, Retry_After="7")
    until = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(seconds=30)
    faults.answer("POST", RENDERS, 503, Retry_After=format_datetime(until))
    client.renders.create(still())
    left_s = (until - datetime.now(timezone.utc)).total_seconds()
    assert pauses[0] == 7
    assert max(0, left_s) <= pauses[1] <= 30


def test_a_pause_that_is_too_long_is_the_callers_affair(client: Any, faults: Faults, pauses: list[float]) -> None:
    faults.answer("POST", RENDERS, 429, Retry_After="3600")
    with pytest.raises(RateLimited) as caught:
        client.renders.create(still())
    assert caught.value.retry_after_s == 3600
    assert caught.value.status == 429
    assert pauses == []


def test_at_some_point_it_gives_up(clients: Clients, faults: Faults, pauses: list[float]) -> None:
    faults.answer("GET", "^/v1/workspace$", 503, times=3, Retry_After="0")
    with pytest.raises(Unavailable):
        clients(max_retries=2).workspace.get()
    assert pauses == [0, 0]
    faults.add("GET", "^/v1/workspace$", "cut_before", times=3)
    with pytest.raises(ConnectionFailed):
        clients(max_retries=2).workspace.get()
    assert len(pauses) == 4


def test_without_retries_the_first_failure_is_raised(clients: Clients, faults: Faults, pauses: list[float]) -> None:
    faults.answer("GET", "^/v1/workspace$", 503)
    with pytest.raises(Unavailable):
        clients(max_retries=0).workspace.get()
    assert pauses == []


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 409, 410, 413, 415, 422, 501])
def test_a_refusal_is_not_sent_again(client: Any, faults: Faults, pauses: list[float], status: int) -> None:
    faults.answer("POST", RENDERS, status)
    with pytest.raises(ApiError) as caught:
        client.renders.create(still())
    assert caught.value.status == status
    assert pauses == []


def test_a_server_that_does_not_answer_times_out(clients: Clients, faults: Faults, pauses: list[float]) -> None:
    faults.add("GET", "^/v1/workspace$", "delay", times=2, seconds=15)
    with pytest.raises(TimedOut, match=r"no answer within 0\.2 s"):
        clients(timeout_s=0.2, max_retries=1).workspace.get()
    assert len(pauses) == 1
    faults.wait_until_met()


def test_a_wait_for_a_job_is_longer_than_the_time_out(clients: Clients) -> None:
    # Another client submits it: on a busy machine that may take longer than a second.
    job = clients().renders.create(text_scene(frame_rate=60, width=1280, height=720, duration=4))
    patient = clients(timeout_s=1.0)
    assert patient.renders.wait(job, timeout_s=PATIENCE_S).status == "completed"


def test_nobody_there_is_told_so(clients: Clients, pauses: list[float]) -> None:
    with pytest.raises(ConnectionFailed, match=re.escape("http://127.0.0.1:9/v1/workspace")):
        clients(base_url="http://127.0.0.1:9").workspace.get()
    assert len(pauses) == 3


def test_what_must_not_happen_twice_is_not_repeated(
    client: Any, faults: Faults, pauses: list[float], receiver: Any
) -> None:
    webhook = client.webhooks.create(url=receiver.url)
    faults.add("POST", "/test$", "cut_after")
    with pytest.raises(ConnectionFailed):
        client.webhooks.test(webhook)
    faults.answer("POST", "/test$", 503)
    with pytest.raises(Unavailable):
        client.webhooks.test(webhook)
    assert pauses == []
    faults.answer("POST", "/test$", 429, Retry_After="1")
    assert client.webhooks.test(webhook).event_type == "webhook.test"
    assert pauses == [1]
    client.webhooks.delete(webhook)


def test_a_deletion_whose_answer_is_lost_has_happened(
    client: Any, faults: Faults, pauses: list[float], receiver: Any
) -> None:
    webhook = client.webhooks.create(url=receiver.url)
    faults.add("DELETE", "^/v1/webhooks/", "cut_after")
    client.webhooks.delete(webhook)
    assert webhook.id not in [each.id for each in client.webhooks.list()]
    assert [each["status"] for each in faults.seen("DELETE", "^/v1/webhooks/")][-1] == 404


def test_a_cancellation_whose_answer_is_lost_has_happened(client: Any, faults: Faults, pauses: list[float]) -> None:
    job = client.renders.create(endless_scene())
    faults.add("DELETE", "^/v1/renders/", "cut_after")
    assert client.renders.cancel(job).status in ("processing", "cancelled")
    with pytest.raises(JobCancelled):
        client.renders.wait(job, timeout_s=PATIENCE_S)


def test_a_key_of_ones_own_makes_one_job_of_two_calls(clients: Clients, faults: Faults, name: str) -> None:
    first = clients().renders.create(still(), idempotency_key=f"order {name}")
    again = clients().renders.create(still(), idempotency_key=f"order {name}")
    assert first.id == again.id
    assert [each["status"] for each in faults.seen("POST", RENDERS)] == [202, 200]


@pytest.mark.parametrize("key", ["", "x" * 256, "line\nbreak", "schlüssel"])
def test_a_key_that_cannot_be_is_refused(client: Any, key: str) -> None:
    with pytest.raises(ValueError, match="it must be 1 to 255 printable ASCII characters"):
        client.renders.create(still(), idempotency_key=key)
