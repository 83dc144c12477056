"""Stripe's events at our door: who is let in, and what is kept."""

import json
import time
from typing import Any

import pytest

from apps.billing.stripe import inbox
from apps.billing.stripe.models import StripeEvent
from tests.billing.payments import WEBHOOK, Shop, told
from tests.people import Person
from tests.stripe_server import WEBHOOK_SECRET
from tests.stripe_server.delivery import signature

pytestmark = pytest.mark.slow

EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "customer.subscription.updated",
    "data": {"object": {"id": "sub_1", "object": "subscription", "customer": "cus_1"}},
}
BODY = json.dumps(EVENT).encode()


def event(**values: Any) -> bytes:
    return json.dumps({**EVENT, **values}).encode()


def test_a_signed_event_is_kept(shop: Shop) -> None:
    assert shop.post_event(BODY) == 200
    kept = StripeEvent.objects.get()
    assert (kept.id, kept.type, kept.customer_id, kept.object_id) == (
        "evt_1", "customer.subscription.updated", "cus_1", "sub_1",
    )  # fmt: skip


def test_the_same_event_is_kept_once(shop: Shop) -> None:
    assert [shop.post_event(BODY) for _ in range(3)] == [200, 200, 200]
    assert StripeEvent.objects.count() == 1


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "t=,v1=",
        "t=1",
        f"t={int(time.time())},v1={'0' * 64}",
        signature(BODY, "whsec_" + "6" * 32),
        signature(BODY + b" "),
        signature(BODY).replace("v1=", "v0="),
    ],
    ids=["missing", "nonsense", "empty", "no signature", "made up", "another secret", "another body", "another scheme"],
)
def test_what_stripe_did_not_sign_is_refused(shop: Shop, header: str) -> None:
    assert shop.send(BODY, header) == 400
    assert not StripeEvent.objects.exists()


@pytest.mark.parametrize(("age_s", "status"), [(0, 200), (240, 200), (400, 400)])
def test_a_signature_lasts_five_minutes(shop: Shop, age_s: int, status: int) -> None:
    assert shop.send(BODY, signature(BODY, at=time.time() - age_s)) == status


def test_two_secrets_count_while_one_is_replaced(shop: Shop, settings: Any) -> None:
    fresh = "whsec_" + "6" * 32
    settings.FRAMELANE_STRIPE_WEBHOOK_SECRET = f"{fresh}, {WEBHOOK_SECRET}"
    assert [shop.send(BODY, signature(BODY, secret)) for secret in (fresh, WEBHOOK_SECRET)] == [200, 200]
    settings.FRAMELANE_STRIPE_WEBHOOK_SECRET = fresh
    assert shop.send(BODY, signature(BODY, WEBHOOK_SECRET)) == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 411),
        (b"{", 400),
        (b"\xff", 400),
        (b"[]", 422),
        (b"{}", 422),
        (event(id=""), 422),
        (event(id="e" * 256), 422),
        (event(data={"object": {"id": "x" * 256, "object": "subscription"}}), 422),
        (b" " * (1024**2 + 1), 413),
    ],
)
def test_signed_nonsense_is_refused(shop: Shop, body: bytes, status: int) -> None:
    assert shop.post_event(body) == status
    assert not StripeEvent.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        event(type="payout.created"),
        event(type="customer.source.created"),
        event(data={"object": {"id": "sub_1", "object": "subscription", "customer": None}}),
    ],
)
def test_what_means_nothing_here_is_not_kept(shop: Shop, body: bytes) -> None:
    assert shop.post_event(body) == 200
    assert not StripeEvent.objects.exists()


@pytest.mark.parametrize(
    "about", [{"id": "cus_9", "object": "customer"}, {"object": "invoice", "customer": {"id": "cus_9"}}]
)
def test_customers_are_found_wherever_they_stand(shop: Shop, about: dict[str, Any]) -> None:
    assert shop.post_event(event(type="invoice.upcoming", data={"object": about})) == 200
    assert StripeEvent.objects.get().customer_id == "cus_9"


def test_without_stripe_nobody_is_let_in(shop: Shop, settings: Any) -> None:
    settings.FRAMELANE_STRIPE_SECRET_KEY = ""
    assert shop.post_event(BODY) == 501


def test_events_of_strangers_are_dealt_with_in_silence(shop: Shop) -> None:
    shop.post_event(BODY)
    asked = len(shop.server.requests)
    assert inbox.process_due() == 1
    assert len(shop.server.requests) == asked


def test_an_event_is_tried_again_until_stripe_answers(shop: Shop, freya: Person) -> None:
    answer = freya.post("/v1/billing/checkout", {"plan": "pro"})
    shop.books.pay(answer.json()["url"].rpartition("/")[2])
    shop.server.fail("/v1/subscriptions", *[500] * 3 * len(shop.books.events))
    shop.deliver()
    assert told(freya.workspace).plan == "free"
    assert set(StripeEvent.objects.values_list("failures", "processed_at")) == {(1, None)}
    assert inbox.process_due() == 0, "there is a pause between the attempts"
    shop.at("2027-03-16T12:00:11")
    assert inbox.process_due() == len(shop.books.events)
    assert told(freya.workspace).plan == "pro"


def test_one_process_at_a_time_has_an_event(shop: Shop) -> None:
    shop.post_event(BODY)
    StripeEvent.objects.update(due_at=shop.now)
    assert inbox.process("evt_1") is True
    assert inbox.process("evt_1") is False


def test_what_was_dealt_with_long_ago_is_forgotten(shop: Shop) -> None:
    shop.post_event(BODY)
    shop.post_event(event(id="evt_2"))
    inbox.process("evt_1")
    shop.at("2027-05-16T12:00:00")
    assert inbox.purge() == 1
    assert StripeEvent.objects.get().id == "evt_2"


def test_it_is_not_part_of_the_public_document(shop: Shop) -> None:
    assert WEBHOOK not in shop.client.get("/openapi.json").json()["paths"]
