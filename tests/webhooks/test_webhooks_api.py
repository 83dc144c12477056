"""`/v1/webhooks`: making, reading, changing and deleting endpoints."""

from typing import Any

import pytest

from apps.events.types import EVENT_TYPES
from apps.jobs.schemas import JobOut
from apps.uploads.schemas import AssetOut
from apps.webhooks import selectors
from apps.webhooks.messages import _sample
from apps.webhooks.models import Attempt, Endpoint, Secret, Status
from apps.webhooks.secrets import of_endpoint, signing_secrets
from framelane.lib import clock, ids
from tests.people import Person
from tests.webhooks.conftest import attempts, listening, send_all, tell
from tests.webhooks.receivers import Receiver, answers

HOOK = {"url": "https://app.example.com/hooks"}


def created(person: Person, **fields: Any) -> dict[str, Any]:
    response = person.post("/v1/webhooks", {**HOOK, **fields})
    assert response.status_code == 201, response.content
    body: dict[str, Any] = response.json()
    return body


def refusal(response: Any) -> tuple[int, str, str]:
    """Status, place and message of the first problem."""
    error = response.json()["error"]
    (problem, *_) = error["details"]["fields"]
    return response.status_code, problem["path"], problem["message"]


def patch(person: Person, webhook_id: str, body: Any) -> Any:
    return person.client.patch(f"/v1/webhooks/{webhook_id}", body, format="json")


# --- Making -----------------------------------------------------------------------------------------------------------


def test_creation_shows_the_secret_once(alice: Person) -> None:
    made = created(alice, events=["render.completed", "task.*"])
    assert ids.is_id(made["id"], "wh")
    assert made["secret"].startswith("whsec_")
    assert (made["url"], made["events"], made["enabled"]) == (HOOK["url"], ["render.completed", "task.*"], True)
    assert (made["last_delivery_at"], made["disabled_reason"]) == (None, None)
    shown = alice.get(f"/v1/webhooks/{made['id']}").json()
    assert "secret" not in shown
    assert shown == {name: value for name, value in made.items() if name != "secret"}


def test_secrets_are_not_kept_as_they_are(alice: Person) -> None:
    made = created(alice)
    (secret,) = Secret.objects.all()
    assert made["secret"].removeprefix("whsec_") not in secret.sealed
    assert signing_secrets(of_endpoint(Endpoint.objects.get())) == [made["secret"]]


def test_a_replay_shows_the_webhook_without_its_secret(alice: Person) -> None:
    extra = {"HTTP_IDEMPOTENCY_KEY": "once"}
    first = alice.post("/v1/webhooks", HOOK, **extra)
    again = alice.post("/v1/webhooks", HOOK, **extra)
    other = alice.post("/v1/webhooks", {**HOOK, "events": ["*"]}, **extra)
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert again.json() == {**first.json(), "secret": None}
    assert other.json()["error"]["code"] == "idempotency_conflict"
    assert Endpoint.objects.count() == 1


def test_everything_is_sent_unless_events_are_named(alice: Person) -> None:
    assert created(alice)["events"] == ["*"]


def test_every_type_that_capabilities_lists_can_be_named(alice: Person) -> None:
    listed = alice.get("/v1/capabilities").json()["webhook_events"]
    names = [entry["type"] for entry in listed]
    assert all(entry["supported"] for entry in listed)
    assert names == list(EVENT_TYPES)
    assert len(names) == 14
    assert created(alice, events=names)["events"] == names


def test_events_that_are_named_twice_count_once(alice: Person) -> None:
    assert created(alice, events=["*", "task.failed", "*", "task.failed"])["events"] == ["*", "task.failed"]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("render.complete", "render.completed"),
        ("asset.redy", "asset.ready"),
        ("tasks.*", "task.*"),
        ("render.ingesting", "render.p"),
        ("webhook.test", ""),
        ("render", "render"),
        ("", ""),
    ],
)
def test_unknown_events_are_refused_with_the_nearest(alice: Person, name: str, nearest: str) -> None:
    status, path, message = refusal(alice.post("/v1/webhooks", {**HOOK, "events": ["*", name]}))
    assert (status, path) == (422, "/events/1")
    assert "accepted are *, render.*" in message
    assert f"did you mean '{nearest}" in message or not nearest


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "/url"),
        ({"url": None}, "/url"),
        ({"url": 7}, "/url"),
        ({"url": ""}, "/url"),
        ({**HOOK, "events": []}, "/events"),
        ({**HOOK, "events": "render.completed"}, "/events"),
        ({**HOOK, "events": ["*"] * 65}, "/events"),
        ({**HOOK, "events": [7]}, "/events/0"),
        ({**HOOK, "enabled": "perhaps"}, "/enabled"),
        ({"url": f"https://example.com/{'x' * 2083}"}, "/url"),
    ],
)
def test_bodies_out_of_bounds_are_refused(alice: Person, body: Any, path: str) -> None:
    assert refusal(alice.post("/v1/webhooks", body))[:2] == (422, path)
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/hook",
        "example.com/hook",
        "https://user:password@example.com/hook",
        "https://example.com/hook#part",
        "https:///hook",
        "https://exa mple.com/",
        "https://10.0.0.1/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/hook",
        "https://[::ffff:10.0.0.1]/hook",
        "https://0xa9fea9fe/",
        "https://2852039166/",
        "javascript:alert(1)",
    ],
)
def test_addresses_that_receive_nothing_are_refused(alice: Person, url: str) -> None:
    assert refusal(alice.post("/v1/webhooks", {"url": url}))[:2] == (422, "/url")
    made = created(alice)
    assert refusal(patch(alice, made["id"], {"url": url}))[:2] == (422, "/url")
    assert Endpoint.objects.get().url == HOOK["url"]


@pytest.mark.parametrize("url", ["http://127.0.0.1/hook", "https://localhost/hook", "https://example.com:8443/hook"])
def test_what_only_an_allowed_network_reaches_is_refused_without_one(alice: Person, settings: Any, url: str) -> None:
    assert alice.post("/v1/webhooks", {"url": url}).status_code == 201
    settings.FRAMELANE_NET_ALLOW = []
    assert refusal(alice.post("/v1/webhooks", {"url": url}))[:2] == (422, "/url")


def test_production_sends_by_https_only(alice: Person, settings: Any) -> None:
    assert alice.post("/v1/webhooks", {"url": "http://example.com/hook"}).status_code == 201
    settings.IS_PRODUCTION = True
    status, path, message = refusal(alice.post("/v1/webhooks", {"url": "http://example.com/hook"}))
    assert (status, path) == (422, "/url")
    assert "https" in message
    assert alice.post("/v1/webhooks", {"url": "HTTPS://example.com/hook"}).status_code == 201


def test_the_twenty_first_is_refused(alice: Person, bob: Person) -> None:
    for _ in range(20):
        listening(alice, HOOK["url"])
    response = alice.post("/v1/webhooks", HOOK)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "conflict")
    assert "20" in response.json()["error"]["message"]
    assert bob.post("/v1/webhooks", HOOK).status_code == 201


# --- Reading, changing, deleting --------------------------------------------------------------------------------------


def test_lists_are_pages_of_what_is_ones_own(alice: Person, bob: Person) -> None:
    made = [created(alice)["id"] for _ in range(3)]
    created(bob)
    first = alice.get("/v1/webhooks?limit=2").json()
    rest = alice.get(f"/v1/webhooks?limit=2&cursor={first['next_cursor']}").json()
    assert [row["id"] for row in first["data"] + rest["data"]] == made[::-1]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert "secret" not in first["data"][0]


def test_a_change_touches_only_what_it_names(alice: Person) -> None:
    made = created(alice, events=["task.*"])
    assert patch(alice, made["id"], {"url": "https://b.example.com/"}).json()["events"] == ["task.*"]
    assert patch(alice, made["id"], {"events": ["asset.*", "asset.*"]}).json()["events"] == ["asset.*"]
    changed = patch(alice, made["id"], {"enabled": False, "url": None}).json()
    assert (changed["url"], changed["events"], changed["enabled"]) == ("https://b.example.com/", ["asset.*"], False)
    assert patch(alice, made["id"], {}).json() == changed


def test_deleting_takes_secrets_and_log_along(alice: Person, receiver: Receiver) -> None:
    endpoint, _ = listening(alice, receiver.url)
    tell(alice, "render.queued")
    send_all()
    assert alice.delete(f"/v1/webhooks/{endpoint.id}").status_code == 204
    assert alice.get(f"/v1/webhooks/{endpoint.id}").status_code == 404
    assert not Secret.objects.exists()
    assert not Attempt.objects.exists()


def test_switching_off_gives_up_what_waits(alice: Person, receiver: Receiver) -> None:
    endpoint, _ = listening(alice, receiver.url)
    tell(alice, "render.queued")
    patch(alice, endpoint.id, {"enabled": False})
    (attempt,) = attempts()
    assert (attempt.status, attempt.attempted_at) == (Status.DEAD, None)
    assert "disabled" in attempt.error
    tell(alice, "render.failed")
    assert send_all() == 0
    assert receiver.calls == []


def test_switching_on_counts_failures_anew(alice: Person) -> None:
    made = created(alice, enabled=False)
    Endpoint.objects.update(disabled_reason="failing", failures=40, failing_since="2026-01-01T00:00:00Z")
    assert alice.get(f"/v1/webhooks/{made['id']}").json()["disabled_reason"] == "failing"
    assert patch(alice, made["id"], {"enabled": True}).json()["disabled_reason"] is None
    endpoint = Endpoint.objects.get()
    assert (endpoint.failing_since, endpoint.failures) == (None, 0)


def test_another_url_counts_failures_anew(alice: Person) -> None:
    made = created(alice)
    Endpoint.objects.update(failures=40, failing_since="2026-01-01T00:00:00Z")
    patch(alice, made["id"], {"url": HOOK["url"]})
    assert Endpoint.objects.get().failures == 40
    patch(alice, made["id"], {"url": "https://repaired.example.com/"})
    assert Endpoint.objects.get().failures == 0


def test_what_was_deleted_meanwhile_is_not_found(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's DELETE comes between looking the webhook up and working on it."""
    endpoint, _ = listening(alice, HOOK["url"])
    Endpoint.objects.all().delete()
    monkeypatch.setattr(selectors, "find_endpoint", lambda workspace, endpoint_id: endpoint)
    base = f"/v1/webhooks/{endpoint.id}"
    assert patch(alice, endpoint.id, {"enabled": True}).status_code == 404
    assert alice.post(f"{base}/rotate-secret", {}).status_code == 404
    assert alice.post(f"{base}/test", {}).status_code == 404
    assert alice.delete(base).status_code == 204


# --- Secrets ----------------------------------------------------------------------------------------------------------


def test_rotation_shows_the_new_secret(alice: Person) -> None:
    made = created(alice)
    rotated = alice.client.post(f"/v1/webhooks/{made['id']}/rotate-secret").json()
    revoked = alice.post(f"/v1/webhooks/{made['id']}/rotate-secret", {"revoke_now": True}).json()
    assert len({made["secret"], rotated["secret"], revoked["secret"]}) == 3
    assert rotated["previous_valid_until"] is not None
    assert revoked["previous_valid_until"] is None
    assert signing_secrets(of_endpoint(Endpoint.objects.get())) == [revoked["secret"]]


def test_a_broken_rotation_changes_nothing(alice: Person) -> None:
    made = created(alice)
    path = f"/v1/webhooks/{made['id']}/rotate-secret"
    assert refusal(alice.post(path, {"revoke_now": "soon"}))[:2] == (422, "/revoke_now")
    assert alice.post_raw(path, b"{").status_code == 400
    assert alice.post_raw(path, b"revoke_now=true", "application/x-www-form-urlencoded").status_code == 415
    assert signing_secrets(of_endpoint(Endpoint.objects.get())) == [made["secret"]]


def test_a_reader_cannot_come_by_a_secret(alice: Person) -> None:
    made = created(alice)
    alice.key.scopes = ["webhooks:read"]
    alice.key.save()
    assert alice.get(f"/v1/webhooks/{made['id']}").status_code == 200
    for path in (f"/v1/webhooks/{made['id']}/rotate-secret", "/v1/webhooks/signing-secret/rotate", "/v1/webhooks"):
        assert alice.post(path, HOOK).status_code == 403


# --- Tests and the log ------------------------------------------------------------------------------------------------


def test_a_test_is_sent_once_whatever_the_webhook_listens_to(alice: Person, receiver: Receiver) -> None:
    endpoint, _ = listening(alice, receiver.url, "asset.ready")
    patch(alice, endpoint.id, {"enabled": False})
    response = alice.client.post(f"/v1/webhooks/{endpoint.id}/test")
    planned = response.json()
    assert response.status_code == 202
    assert (planned["event_type"], planned["status"], planned["attempt_number"]) == ("webhook.test", "pending", 1)
    receiver.behaviour = answers(500, b"not yet")
    assert send_all() == 1
    assert receiver.calls[0].json["data"]["job"]["metadata"] == {"test": "true"}
    (row,) = alice.get(f"/v1/webhooks/{endpoint.id}/deliveries").json()["data"]
    assert (row["status"], row["status_code"], row["response_body"]) == ("dead", 500, "not yet")
    assert row["id"] == planned["id"]


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_any_type_can_be_tested(alice: Person, receiver: Receiver, event_type: str) -> None:
    endpoint, _ = listening(alice, receiver.url)
    path = f"/v1/webhooks/{endpoint.id}/test"
    assert alice.post(path, {"event_type": event_type}).json()["event_type"] == event_type
    send_all()
    body = receiver.calls[0].json
    assert body["type"] == event_type
    (thing,) = body["data"].values()
    assert thing["status"] in (event_type.partition(".")[2], "processing")


def test_an_unknown_type_cannot_be_tested(alice: Person) -> None:
    made = created(alice)
    response = alice.post(f"/v1/webhooks/{made['id']}/test", {"event_type": "render.done"})
    assert refusal(response)[:2] == (422, "/event_type")


def test_samples_look_like_real_jobs_and_assets(alice: Person) -> None:
    for event_type in EVENT_TYPES:
        ((name, thing),) = _sample(alice.workspace, event_type, clock.now()).items()
        model = {"job": JobOut, "asset": AssetOut}[name]
        assert set(thing) == set(model.model_fields)
        model.model_validate(thing)


def test_the_log_shows_every_attempt_newest_first(alice: Person, receiver: Receiver) -> None:
    endpoint, _ = listening(alice, receiver.url)
    receiver.behaviour = answers(503, b"later")
    event = tell(alice, "render.failed")
    send_all()
    planned, failed = alice.get(f"/v1/webhooks/{endpoint.id}/deliveries").json()["data"]
    assert (failed["status"], failed["attempt_number"], failed["status_code"]) == ("failed", 1, 503)
    assert (planned["status"], planned["attempt_number"], planned["status_code"]) == ("pending", 2, None)
    assert failed["delivery_id"] == planned["delivery_id"]
    assert failed["id"] != planned["id"]
    assert failed["next_retry_at"] == planned["next_retry_at"] is not None
    assert {row["event_id"] for row in (planned, failed)} == {event.id}
    assert failed["job_id"] is None
    assert "503" in failed["error"]
    assert planned["attempted_at"] is None


def test_the_log_is_paged_by_fifty_and_filtered(alice: Person, receiver: Receiver) -> None:
    endpoint, _ = listening(alice, receiver.url)
    path = f"/v1/webhooks/{endpoint.id}/deliveries"
    for _ in range(51):
        tell(alice, "render.queued")
    first = alice.get(path).json()
    rest = alice.get(f"{path}?cursor={first['next_cursor']}").json()
    assert (len(first["data"]), len(rest["data"]), rest["has_more"]) == (50, 1, False)
    assert alice.get(f"{path}?status=dead").json()["data"] == []
    assert len(alice.get(f"{path}?status=pending&limit=200").json()["data"]) == 51
    assert alice.get(f"{path}?status=lost").status_code == 422
    assert alice.get(f"{path}?limit=201").status_code == 422
    assert alice.get(f"{path}?cursor=nonsense").status_code == 400


def test_a_redelivery_is_a_new_delivery_of_the_same_event(alice: Person, receiver: Receiver) -> None:
    endpoint, _ = listening(alice, receiver.url)
    tell(alice, "render.failed")
    send_all()
    path = f"/v1/webhooks/{endpoint.id}/deliveries"
    (done,) = alice.get(path).json()["data"]
    by_delivery = alice.client.post(f"{path}/{done['delivery_id']}/redeliver")
    by_attempt = alice.client.post(f"{path}/{done['id']}/redeliver")
    assert (by_delivery.status_code, by_attempt.status_code) == (202, 202)
    assert len({done["delivery_id"], by_delivery.json()["delivery_id"], by_attempt.json()["delivery_id"]}) == 3
    assert by_delivery.json()["event_id"] == done["event_id"]
    assert by_delivery.json()["status"] == "pending"
    send_all()
    assert len({call.headers["webhook-id"] for call in receiver.calls}) == 1
    assert len({call.body for call in receiver.calls}) == 1
    assert len(receiver.calls) == 3


@pytest.mark.parametrize("prefix", ["dlv_", "evt_", ""])
def test_an_unknown_delivery_is_not_sent_again(alice: Person, prefix: str) -> None:
    made = created(alice)
    delivery_id = f"{prefix}01J8QR2K5VKDGN2T4FBM3CZYX7"
    assert alice.client.post(f"/v1/webhooks/{made['id']}/deliveries/{delivery_id}/redeliver").status_code == 404


def test_a_delivery_of_another_webhook_is_not_sent_again(alice: Person, receiver: Receiver) -> None:
    listening(alice, receiver.url)
    tell(alice, "render.failed")
    (attempt,) = attempts()
    other = created(alice)
    path = f"/v1/webhooks/{other['id']}/deliveries/{attempt.delivery_id}/redeliver"
    assert alice.client.post(path).status_code == 404


# --- Tenants ----------------------------------------------------------------------------------------------------------


def test_a_stranger_reaches_nothing(alice: Person, bob: Person, receiver: Receiver) -> None:
    endpoint, _ = listening(alice, receiver.url)
    tell(alice, "render.failed")
    (attempt,) = attempts()
    base = f"/v1/webhooks/{endpoint.id}"
    before = list(Endpoint.objects.values())
    statuses = [
        bob.get(base).status_code,
        patch(bob, endpoint.id, {"enabled": False}).status_code,
        bob.delete(base).status_code,
        bob.post(f"{base}/rotate-secret", {}).status_code,
        bob.post(f"{base}/test", {}).status_code,
        bob.get(f"{base}/deliveries").status_code,
        bob.post(f"{base}/deliveries/{attempt.delivery_id}/redeliver", {}).status_code,
    ]
    assert statuses == [404] * len(statuses)
    assert list(Endpoint.objects.values()) == before
    assert Attempt.objects.count() == Secret.objects.count() == 1
    own = created(bob)
    path = f"/v1/webhooks/{own['id']}/deliveries/{attempt.delivery_id}/redeliver"
    assert bob.client.post(path).status_code == 404


def test_events_of_others_are_not_sent(alice: Person, bob: Person, receiver: Receiver) -> None:
    listening(alice, receiver.url)
    tell(bob, "render.failed")
    assert send_all() == 0
    tell(alice, "render.failed")
    assert send_all() == 1
    assert receiver.calls[0].json["workspace_id"] == alice.workspace.id
