"""Webhook calls of the platform are believed, and nobody else's."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

import pytest

from framelane import InvalidSignature, UnexpectedAnswer, webhooks
from framelane.types import WebhookAsset, WebhookJob
from live import CLIP, still
from servers import Receiver

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TRIO = ("webhook-id", "webhook-timestamp", "webhook-signature")
OURS = "framelane-signature"


def only(headers: dict[str, str], *names: str) -> dict[str, str]:
    """Some of the headers, with names of another case."""
    return {name.upper(): value for name, value in headers.items() if name.lower() in names}


def test_events_of_a_render_are_verified(client: Any, receiver: Receiver) -> None:
    webhook = client.webhooks.create(url=receiver.url + "/hook", events=["render.*", "asset.ready"])
    job = client.renders.create_and_wait(still(metadata={"order": "7"}))
    call = receiver.wait_for(lambda call: call.type == "render.completed" and job.id.encode() in call.body)
    event = webhooks.verify(call.body, call.headers, webhook.secret)
    assert (event.type, call.path) == ("render.completed", "/hook")
    assert isinstance(event.data, WebhookJob)
    assert event.data.job.id == job.id
    assert event.data.job.metadata == {"order": "7"}
    assert event.data.job.output is not None
    assert webhooks.verify(call.body, only(call.headers, *TRIO), webhook.secret) == event
    assert webhooks.verify(call.body, only(call.headers, OURS), webhook.secret) == event
    assert webhooks.verify(call.body, list(call.headers.items()), [SECRET, webhook.secret]) == event
    upload = client.uploads.upload(CLIP)
    ready = receiver.wait_for(lambda call: call.type == "asset.ready" and upload.source_url.encode() in call.body)
    told = webhooks.verify(ready.body, ready.headers, webhook.secret)
    assert isinstance(told.data, WebhookAsset)
    assert told.data.asset.source_url == upload.source_url
    forged = call.body.replace(b'"order":"7"', b'"order":"8"')
    assert forged != call.body
    for headers in (call.headers, only(call.headers, *TRIO), only(call.headers, OURS)):
        with pytest.raises(InvalidSignature, match="does not fit"):
            webhooks.verify(forged, headers, webhook.secret)
        with pytest.raises(InvalidSignature, match="does not fit"):
            webhooks.verify(call.body, headers, SECRET)
    client.webhooks.delete(webhook)


def test_a_rotated_secret_is_taken_until_it_ends(client: Any, receiver: Receiver) -> None:
    webhook = client.webhooks.create(url=receiver.url, events=["render.completed"])
    fresh = client.webhooks.rotate_secret(webhook)
    assert fresh.previous_valid_until is not None
    client.webhooks.test(webhook)
    call = receiver.wait_for(lambda call: call.type == "webhook.test")
    for headers in (only(call.headers, *TRIO), only(call.headers, OURS)):
        for secret in (webhook.secret, fresh.secret):
            assert webhooks.verify(call.body, headers, secret).type == "webhook.test"
    newest = client.webhooks.rotate_secret(webhook, revoke_now=True)
    assert newest.previous_valid_until is None
    client.webhooks.test(webhook)
    later = receiver.wait_for(lambda later: later.type == "webhook.test" and later.event_id != call.event_id)
    assert webhooks.verify(later.body, later.headers, newest.secret).type == "webhook.test"
    for headers in (only(later.headers, *TRIO), only(later.headers, OURS)):
        for secret in (webhook.secret, fresh.secret):
            with pytest.raises(InvalidSignature):
                webhooks.verify(later.body, headers, secret)
    client.webhooks.delete(webhook)


def signed(body: bytes, at: float, secret: str = SECRET) -> dict[str, str]:
    """As the contract has it."""
    digest = hmac.new(secret.encode(), f"{int(at)}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Framelane-Signature": f"t={int(at)},v1={digest}"}


def event_body(**fields: Any) -> bytes:
    event = {"id": "evt_1", "type": "project.opened", "created_at": "2030-01-01T00:00:00Z", "workspace_id": "ws_1"}
    return json.dumps({**event, "data": {"project": {"id": "prj_1"}}, **fields}).encode()


NOW = 1_900_000_000.25


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands: no second passes between the signing of a call and the look at its time."""
    monkeypatch.setattr(time, "time", lambda: NOW)


@pytest.mark.parametrize("away_s", [-300, 301, -86_400])
def test_an_old_call_is_refused(still_clock: None, away_s: float) -> None:
    headers = signed(event_body(), NOW + away_s)
    with pytest.raises(InvalidSignature, match="away from now"):
        webhooks.verify(event_body(), headers, SECRET)
    assert webhooks.verify(event_body(), headers, SECRET, tolerance_s=100_000).id == "evt_1"


@pytest.mark.parametrize("away_s", [-299, 300])
def test_a_call_that_is_recent_enough_is_taken(still_clock: None, away_s: float) -> None:
    assert webhooks.verify(event_body(), signed(event_body(), NOW + away_s), SECRET).id == "evt_1"


def test_an_event_of_a_kind_that_does_not_exist_yet_is_read() -> None:
    body = event_body(version=2)
    event = webhooks.verify(body, signed(body, time.time()), SECRET)
    assert event.type == "project.opened"
    assert event.data == {"project": {"id": "prj_1"}}


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, "no signature"),
        ({"Framelane-Signature": ""}, "no time"),
        ({"Framelane-Signature": "v1=00"}, "no time"),
        ({"Framelane-Signature": "t=now,v1=00"}, "no time"),
        ({"Framelane-Signature": "t=99999999999999999999,v1=00"}, "no time"),
        ({"Framelane-Signature": "t={now}"}, "does not fit"),
        ({"Framelane-Signature": "t={now},v1="}, "does not fit"),
        ({"Framelane-Signature": "t={now},v0=00"}, "does not fit"),
        ({"Framelane-Signature": "t={now},v1=ü"}, "does not fit"),
        ({"webhook-signature": "v1,AAAA"}, "no time"),
        ({"webhook-signature": "v1,AAAA", "webhook-timestamp": "{now}", "webhook-id": "evt_1"}, "does not fit"),
        ({"webhook-signature": "", "webhook-timestamp": "{now}"}, "does not fit"),
    ],
)
def test_headers_that_prove_nothing_are_refused(headers: dict[str, str], told: str) -> None:
    now = str(int(time.time()))
    with pytest.raises(InvalidSignature, match=told):
        webhooks.verify(event_body(), {name: value.replace("{now}", now) for name, value in headers.items()}, SECRET)


def test_a_signed_body_that_is_no_event_is_told_so() -> None:
    with pytest.raises(UnexpectedAnswer):
        webhooks.verify(b"[]", signed(b"[]", time.time()), SECRET)


@pytest.mark.parametrize("secret", ["", [], [""]])
def test_an_empty_secret_is_a_mistake_of_the_receiver(secret: Any) -> None:
    with pytest.raises(ValueError, match="secret is empty"):
        webhooks.verify(event_body(), signed(event_body(), time.time()), secret)


def test_headers_may_be_bytes_as_of_asgi() -> None:
    headers = [(name.encode(), value.encode()) for name, value in signed(event_body(), time.time()).items()]
    assert webhooks.verify(event_body(), headers, SECRET).id == "evt_1"  # type: ignore[arg-type]


def test_the_example_of_standard_webhooks_is_right() -> None:
    """The vector of https://github.com/standard-webhooks: what any library of theirs computes."""
    body = b'{"test": 2432232314}'
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    with pytest.raises(UnexpectedAnswer, match="The signature is right"):
        webhooks.verify(body, headers, SECRET, tolerance_s=1e12)
