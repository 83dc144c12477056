"""Events of a workspace at an address that only this machine can reach."""

from __future__ import annotations

import contextlib
import json
import random
import signal
import socket
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from framelane import Framelane, webhooks
from framelane.cli.events import Watch, event_of, matches, new_secret, signed_headers
from framelane.types import JobOut
from live import PATIENCE_S, text_scene, variable
from servers import Receiver

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def api() -> Any:
    variable("FRAMELANE_BASE_URL"), variable("FRAMELANE_API_KEY")
    with Framelane() as client:
        yield client


def job(status: str, percent: int = 0, id: str = "render_1") -> JobOut:
    now = "2026-01-01T00:00:00Z"
    fields = {"id": id, "kind": "render", "workspace_id": "ws_1", "status": status, "progress_percent": percent}
    return JobOut.model_validate({**fields, "created_at": now, "updated_at": now})


def types(watch: Watch, *jobs: JobOut) -> list[str]:
    return [event.type for event in watch.look(jobs, [])]


def test_what_was_there_before_makes_no_events() -> None:
    watch = Watch("ws_1")
    assert types(watch, job("processing", 30), job("completed", 100, "render_0")) == []
    assert watch.open_jobs == {"render_1"}
    assert types(watch, job("processing", 35), job("completed", 100, "render_0")) == []
    assert types(watch, job("processing", 40)) == ["render.progress"]
    assert types(watch, job("completed", 100)) == ["render.completed"]
    assert watch.open_jobs == set()


def test_new_jobs_are_told_from_their_first_state_on() -> None:
    watch = Watch("ws_1")
    types(watch)
    assert types(watch, job("ingesting")) == ["render.queued"]
    assert types(watch, job("queued")) == []
    assert types(watch, job("failed"), job("completed", 100, "render_2")) == ["render.failed", "render.completed"]


def test_events_are_signed_as_those_of_the_platform() -> None:
    secret, event = new_secret(), event_of("render.completed", "ws_1", {"job": job("completed", 100)})
    headers = signed_headers(event, secret)
    own = {name: value for name, value in headers.items() if name == "Framelane-Signature"}
    for signed in (headers, own):
        assert webhooks.verify(event.body, signed, secret).id == event.id
    with pytest.raises(Exception, match="signature"):
        webhooks.verify(event.body + b" ", headers, secret)


def test_patterns_choose_events() -> None:
    assert matches("render.failed", None)
    assert matches("render.failed", ["task.*", "render.*"])
    assert not matches("render.failed", ["render.completed", "task.*"])


def read_line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline()


def quiet_port() -> int:
    """A free port below those that connections of others are given: it still is free when the command takes it."""
    for port in random.sample(range(20_000, 30_000), 100):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("a hundred ports are taken")


def test_changes_come_as_signed_events_to_a_local_address(started: Start, api: Framelane, receiver: Receiver) -> None:
    url = f"{receiver.url}/hook"
    child = started("webhooks", "listen", "--forward-to", url, "--interval", "0.5", "--event", "render.*", "--json")
    secret = json.loads(read_line(child))["secret"]
    made = api.renders.create(text_scene("Listen"))
    call = receiver.wait_for(lambda call: call.type == "render.completed" and made.id.encode() in call.body)
    event = webhooks.verify(call.body, call.headers, secret)
    assert (call.path, event.workspace_id) == ("/hook", made.workspace_id)
    assert json.loads(call.body)["data"]["job"]["id"] == made.id
    told = json.loads(read_line(child))
    assert (told["status"], told["type"].startswith("render.")) == (204, True)
    child.send_signal(signal.SIGINT)
    assert child.wait(PATIENCE_S) == 130


def test_with_an_address_of_its_own_the_platforms_calls_are_passed_on_as_they_are(
    started: Start, api: Framelane, receiver: Receiver
) -> None:
    port = quiet_port()
    address = f"http://127.0.0.1:{port}/"
    forward = ("--forward-to", f"{receiver.url}/hook", "--public-url", address, "--port", str(port))
    child = started("webhooks", "listen", *forward, "--json")
    secret = json.loads(read_line(child))["secret"]
    webhook = next(each for each in api.webhooks.list() if each.url == address)
    api.webhooks.test(webhook.id)
    call = receiver.wait_for(lambda call: call.type == "webhook.test")
    assert webhooks.verify(call.body, call.headers, secret).type == "webhook.test"
    own = {"Framelane-Signature": call.headers["Framelane-Signature"]}
    assert webhooks.verify(call.body, own, secret).type == "webhook.test"
    child.send_signal(signal.SIGTERM)
    assert child.wait(PATIENCE_S) == 143
    assert webhook.id not in {each.id for each in api.webhooks.list()}
