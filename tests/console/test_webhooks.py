"""Webhooks in the console."""

import re

import pytest
from django.test import Client

from apps.webhooks import intake, services
from apps.webhooks.messages import test_message as message_of
from apps.webhooks.models import Attempt, Endpoint, Secret, Status
from apps.webhooks.targets import Target
from tests.console.people import signed_in
from tests.people import Person

URL = "https://hooks.example.com/framelane"


@pytest.fixture
def owner(alice: Person) -> Client:
    return signed_in(alice)


@pytest.fixture
def endpoint(alice: Person) -> Endpoint:
    return services.create_endpoint(workspace=alice.workspace, url=URL, events=["*"])[0]


@pytest.fixture
def attempt(alice: Person, endpoint: Endpoint) -> Attempt:
    message = message_of(alice.workspace, "render.completed")
    return intake.plan(Target.of(endpoint), message, max_attempts=3, by_hand=True)


def test_a_new_webhook_shows_its_secret_once(owner: Client, alice: Person) -> None:
    answer = owner.post("/console/webhooks/new", {"url": URL, "events": ["render.completed"]}, follow=True)
    page = answer.content.decode()
    assert "whsec_" in page
    made = Endpoint.objects.get(workspace=alice.workspace)
    assert made.events == ["render.completed"]
    assert "whsec_" not in owner.get(f"/console/webhooks/{made.id}").content.decode()


def test_everything_includes_the_rest(owner: Client, alice: Person) -> None:
    owner.post("/console/webhooks/new", {"url": URL, "events": ["*", "render.failed"]})
    assert Endpoint.objects.get(workspace=alice.workspace).events == ["*"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"url": "http://127.0.0.1/"}, "127.0.0.1"),
        ({"url": "ftp://example.com"}, "ftp"),
        ({"url": ""}, "required"),
        ({"url": "https://example.com/" + "a" * 2100}, "2083"),
        ({"events": ["render.nonsense"]}, "render.nonsense"),
        ({"events": []}, "at least one"),
    ],
)
def test_what_cannot_be_a_webhook_is_said_beside_its_field(
    owner: Client, fields: dict[str, object], message: str
) -> None:
    answer = owner.post("/console/webhooks/new", {"url": URL, "events": ["*"], **fields})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Endpoint.objects.exists()


def test_a_webhook_is_changed(owner: Client, endpoint: Endpoint) -> None:
    Endpoint.objects.filter(id=endpoint.id).update(events=["asset.*"])
    page = owner.get(f"/console/webhooks/{endpoint.id}").content.decode()
    assert re.search(r'value="asset\.\*"[^>]*checked', page)
    answer = owner.post(f"/console/webhooks/{endpoint.id}", {"url": URL + "/2", "events": ["asset.*"]})
    assert answer.status_code == 302
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.events, endpoint.enabled) == (URL + "/2", ["asset.*"], False)


def test_a_secret_is_replaced(owner: Client, endpoint: Endpoint) -> None:
    page = owner.post(f"/console/webhooks/{endpoint.id}/rotate", follow=True).content.decode()
    assert "whsec_" in page
    assert Secret.objects.filter(endpoint=endpoint).count() == 2
    owner.post(f"/console/webhooks/{endpoint.id}/rotate", {"revoke_now": "on"})
    assert Secret.objects.filter(endpoint=endpoint).count() == 1


def test_the_secret_for_urls_of_jobs_is_had_here(owner: Client, alice: Person) -> None:
    assert "whsec_" in owner.post("/console/webhooks/signing-secret", follow=True).content.decode()
    assert Secret.objects.filter(workspace=alice.workspace, endpoint=None).count() == 1


def test_a_test_leads_to_its_delivery(owner: Client, endpoint: Endpoint) -> None:
    answer = owner.post(f"/console/webhooks/{endpoint.id}/test", {"event_type": "render.failed"}, follow=True)
    assert "render.failed" in answer.content.decode()
    assert Attempt.objects.get(endpoint=endpoint).by_hand
    assert owner.post(f"/console/webhooks/{endpoint.id}/test", {"event_type": "nonsense"}).status_code == 422


def test_a_delivery_shows_what_was_sent_and_what_came_back(owner: Client, attempt: Attempt) -> None:
    answer_body = "<script>alert(2)</script>"
    Attempt.objects.filter(id=attempt.id).update(status=Status.DEAD, status_code=500, response_body=answer_body)
    page = owner.get(f"/console/webhooks/{attempt.endpoint_id}/deliveries/{attempt.id}").content.decode()
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in page
    assert answer_body not in page
    assert "&quot;render.completed&quot;" in page
    assert "every 2s" not in page


def test_an_open_delivery_is_looked_at_again(owner: Client, attempt: Attempt) -> None:
    address = f"/console/webhooks/{attempt.endpoint_id}/deliveries/{attempt.id}"
    assert "every 2s" in owner.get(address).content.decode()
    fragment = owner.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment


def test_redelivering_sends_the_same_event(owner: Client, attempt: Attempt) -> None:
    address = f"/console/webhooks/{attempt.endpoint_id}/deliveries/{attempt.delivery_id}/redeliver"
    assert owner.post(address).status_code == 302
    assert Attempt.objects.filter(message=attempt.message).count() == 2


def test_the_log_is_filtered(owner: Client, attempt: Attempt) -> None:
    address = f"/console/webhooks/{attempt.endpoint_id}/deliveries"
    assert attempt.id in owner.get(address + "?status=pending").content.decode()
    assert attempt.id not in owner.get(address + "?status=dead").content.decode()
    assert owner.get(address + "?status=nonsense").status_code == 400


def test_a_deleted_webhook_is_gone(owner: Client, endpoint: Endpoint) -> None:
    assert owner.post(f"/console/webhooks/{endpoint.id}/delete", follow=True).status_code == 200
    assert owner.get(f"/console/webhooks/{endpoint.id}").status_code == 404


def test_webhooks_of_others_do_not_exist(bob: Person, attempt: Attempt) -> None:
    stranger, base = signed_in(bob), f"/console/webhooks/{attempt.endpoint_id}"
    for address in (base, f"{base}/deliveries", f"{base}/deliveries/{attempt.id}"):
        assert stranger.get(address).status_code == 404
    for act in ("rotate", "test", "delete", f"deliveries/{attempt.id}/redeliver"):
        assert stranger.post(f"{base}/{act}", {"event_type": "webhook.test"}).status_code == 404
