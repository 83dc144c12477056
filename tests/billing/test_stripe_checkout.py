"""The way to Stripe's pages: once is enough, however often it is asked for."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.billing.stripe import accounts
from apps.billing.stripe.models import BillingAccount
from apps.workspaces.models import Workspace
from tests.billing.payments import Shop, open_shop, told
from tests.people import Person, make_person
from tests.stripe_server import OVERAGE, PRO
from tests.stripe_server.server import BROKEN_AFTER, BROKEN_BEFORE
from tests.threads import at_once

pytestmark = pytest.mark.slow

CHECKOUT, PORTAL = "/v1/billing/checkout", "/v1/billing/portal"
SESSIONS = "/v1/checkout/sessions"


def test_the_page_is_for_this_workspace_and_both_prices(shop: Shop, freya: Person) -> None:
    answer = freya.post(
        CHECKOUT, {"plan": "pro", "success_url": "https://framelane.test/thanks?id={CHECKOUT_SESSION_ID}"}
    )
    assert answer.status_code == 200
    assert answer.json() == {"url": "https://checkout.stripe.com/c/pay/cs_test_000001"}
    asked = next(values for method, path, values in shop.server.requests if path == SESSIONS)
    assert asked["client_reference_id"] == asked["subscription_data"]["metadata"]["workspace_id"] == freya.workspace.id
    assert asked["line_items"] == [{"price": PRO, "quantity": "1"}, {"price": OVERAGE}]
    assert asked["success_url"] == "https://framelane.test/thanks?id={CHECKOUT_SESSION_ID}"
    assert asked["cancel_url"] == "https://framelane.test/?checkout=cancelled"
    assert asked["subscription_data"]["proration_behavior"] == "create_prorations"
    assert "automatic_tax" not in asked
    (customer,) = shop.books.customers.values()
    assert (customer["email"], customer["metadata"]) == ("freya@example.org", {"workspace_id": freya.workspace.id})


def test_taxes_where_they_are_wanted(shop: Shop, freya: Person, settings: Any) -> None:
    settings.FRAMELANE_STRIPE_AUTOMATIC_TAX = True
    freya.post(CHECKOUT, {"plan": "pro"})
    asked = next(values for method, path, values in shop.server.requests if path == SESSIONS)
    assert asked["automatic_tax"] == {"enabled": "true"}
    assert asked["customer_update"] == {"address": "auto", "name": "auto"}


def test_consoles_elsewhere_may_be_returned_to(shop: Shop, freya: Person, settings: Any) -> None:
    settings.FRAMELANE_BILLING_RETURN_ORIGINS = ["https://console.example.org:8443"]
    answer = freya.post(CHECKOUT, {"plan": "pro", "cancel_url": "https://Console.example.org:8443/billing#plans"})
    assert answer.status_code == 200


def test_a_new_page_closes_the_one_before(shop: Shop, freya: Person) -> None:
    first, second = (freya.post(CHECKOUT, {"plan": "pro"}).json()["url"] for _ in range(2))
    assert first != second
    assert [session["status"] for session in shop.books.sessions.values()] == ["expired", "open"]
    assert len(shop.books.customers) == 1


def test_who_has_paid_already_is_sent_to_the_portal(shop: Shop, freya: Person) -> None:
    shop.subscribe(freya)
    answer = freya.post(CHECKOUT, {"plan": "pro"})
    assert answer.status_code == 409
    assert "POST /v1/billing/portal" in answer.json()["error"]["message"]


def test_a_payment_that_nobody_told_us_of_is_noticed(shop: Shop, freya: Person) -> None:
    url = freya.post(CHECKOUT, {"plan": "pro"}).json()["url"]
    shop.books.pay(url.rpartition("/")[2])
    assert freya.post(CHECKOUT, {"plan": "pro"}).status_code == 409
    assert told(freya.workspace).plan == "pro"
    assert len(shop.books.sessions) == 1


def test_enterprise_is_not_for_sale(shop: Shop) -> None:
    answer = make_person("Erik", plan="enterprise").post(CHECKOUT, {"plan": "pro"})
    assert answer.status_code == 409
    assert not shop.server.requests


def test_the_portal_is_for_who_has_paid(shop: Shop, freya: Person) -> None:
    assert freya.post(PORTAL, {}).status_code == 409
    shop.subscribe(freya)
    for body in (b"", b"{}", b'{"return_url": "https://framelane.test/billing"}'):
        answer = freya.post_raw(PORTAL, body)
        assert answer.status_code == 200
        assert answer.json()["url"].startswith("https://billing.stripe.com/p/session/")
    asked = [values["return_url"] for _, path, values in shop.server.requests if path == "/v1/billing_portal/sessions"]
    assert asked == ["https://framelane.test/"] * 2 + ["https://framelane.test/billing"]


@pytest.mark.parametrize("fault", [500, 429, BROKEN_BEFORE, BROKEN_AFTER])
@pytest.mark.parametrize("path", ["/v1/customers", SESSIONS])
def test_one_fault_of_stripes_is_not_noticed(shop: Shop, freya: Person, path: str, fault: str | int) -> None:
    shop.server.fail(path, fault)
    assert freya.post(CHECKOUT, {"plan": "pro"}).status_code == (503 if fault == 429 else 200)
    freya.post(CHECKOUT, {"plan": "pro"})
    assert len(shop.books.customers) == 1
    assert [session["status"] for session in shop.books.sessions.values()].count("open") == 1


@pytest.mark.parametrize("fault", [BROKEN_BEFORE, BROKEN_AFTER])
@pytest.mark.parametrize("path", ["/v1/customers", SESSIONS])
def test_what_was_broken_off_is_gone_on_with(shop: Shop, freya: Person, path: str, fault: str) -> None:
    shop.server.fail(path, *[fault] * 3)
    answer = freya.post(CHECKOUT, {"plan": "pro"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    assert freya.post(CHECKOUT, {"plan": "pro"}).status_code == 200
    assert (len(shop.books.customers), len(shop.books.sessions)) == (1, 1)


def test_a_wrong_key_is_our_fault(shop: Shop, freya: Person, settings: Any) -> None:
    settings.FRAMELANE_STRIPE_SECRET_KEY = "sk_test_" + "1" * 24
    answer = freya.post(CHECKOUT, {"plan": "pro"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert "sk_test" not in answer.content.decode()


def test_a_deleted_customer_is_made_anew(shop: Shop, freya: Person) -> None:
    shop.subscribe(freya)
    shop.books.delete_customer(BillingAccount.objects.get().customer_id)  # type: ignore[arg-type]
    shop.deliver()
    assert told(freya.workspace).plan == "free"
    assert freya.post(PORTAL, {}).status_code == 409
    shop.subscribe(freya)
    assert told(freya.workspace).plan == "pro"
    assert len(shop.books.customers) == 2


def test_a_customer_that_was_deleted_unnoticed_is_made_anew(shop: Shop, freya: Person) -> None:
    """So are those of a test account, once the live key is set."""
    freya.post(CHECKOUT, {"plan": "pro"})
    shop.books.delete_customer("cus_000001")
    assert freya.post(CHECKOUT, {"plan": "pro"}).status_code == 200
    assert [session["customer"] for session in shop.books.sessions.values()] == ["cus_000001", "cus_000002"]
    del shop.books.customers["cus_000002"]
    assert freya.post(CHECKOUT, {"plan": "pro"}).status_code == 200


# --- At the same instant --------------------------------------------------------------------------------------------


@pytest.fixture
def open_for_threads(transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    with open_shop(settings, monkeypatch) as opened:
        yield opened


def test_two_who_ask_for_the_same_get_the_same_page(open_for_threads: Shop) -> None:
    freya = make_person("Freya", plan="free")
    answers = at_once(*(lambda: freya.post(CHECKOUT, {"plan": "pro"}) for _ in range(4)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert 200 in {answer.status_code for answer in answers}
    sessions = open_for_threads.books.sessions.values()
    assert [session["status"] for session in sessions].count("open") == 1
    assert len(open_for_threads.books.customers) == BillingAccount.objects.count() == 1


def test_two_who_ask_for_different_pages_leave_one_open(open_for_threads: Shop) -> None:
    freya = make_person("Freya", plan="free")
    bodies = [{"plan": "pro", "success_url": f"https://framelane.test/{name}"} for name in "ab"]
    answers = at_once(*(lambda body=body: freya.post(CHECKOUT, body) for body in bodies))
    assert 200 in {answer.status_code for answer in answers}
    sessions = open_for_threads.books.sessions.values()
    assert [session["status"] for session in sessions].count("open") == 1


def test_readings_at_the_same_time_agree(open_for_threads: Shop) -> None:
    freya = make_person("Freya", plan="free")
    url = freya.post(CHECKOUT, {"plan": "pro"}).json()["url"]
    open_for_threads.books.pay(url.rpartition("/")[2])
    customer_id = BillingAccount.objects.get().customer_id or ""

    def read() -> bool:
        try:
            return accounts.sync(customer_id)
        except accounts.Contended:
            return False

    assert True in at_once(*(read for _ in range(4)))
    assert Workspace.objects.get(id=freya.workspace.id).plan == "pro"
