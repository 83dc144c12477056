"""What is left at Stripe, and here, of a workspace that is erased."""

from typing import Any

import pytest
import stripe
from djstripe import models as mirrored

from apps.billing.stripe import overage
from apps.billing.stripe.erasure import forget_customer
from apps.billing.stripe.models import BillingAccount, OverageReport, Subscription
from apps.workspaces.models import Workspace
from tests.billing.payments import Shop, told, use
from tests.people import Person

pytestmark = pytest.mark.slow


def test_a_forgotten_customer_leaves_nothing(shop: Shop, freya: Person, pro: dict[str, Any]) -> None:
    use(freya.workspace, 2007, shop.at("2027-03-20T00:00:00"))
    shop.at("2027-03-20T00:00:01")
    assert forget_customer(freya.workspace) is True
    assert shop.books.customers[pro["customer"]]["deleted"] is True
    assert pro["status"] == "canceled"
    *_, last = shop.books.invoices.values()
    assert (last["total"], last["status"]) == (7 * 8, "paid")
    assert told(freya.workspace).plan == "free"
    assert not mirrored.Customer.objects.exists()
    assert not mirrored.Subscription.objects.exists()
    # The events that follow change nothing and bring nothing back.
    shop.deliver()
    assert not mirrored.Customer.objects.exists()
    assert forget_customer(freya.workspace) is False


def test_what_the_bank_refuses_keeps_nobody_from_being_forgotten(
    shop: Shop, freya: Person, pro: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    use(freya.workspace, 2007, shop.at("2027-03-20T00:00:00"))
    shop.at("2027-03-20T00:00:01")
    shop.books.declines = True
    assert forget_customer(freya.workspace) is True
    *_, last = shop.books.invoices.values()
    assert last["status"] == "open"
    assert f"invoice {last['id']} was not collected" in caplog.text
    assert shop.books.customers[pro["customer"]]["deleted"] is True


def test_what_is_owed_is_collected_also_when_the_first_try_broke_off(
    shop: Shop, freya: Person, pro: dict[str, Any]
) -> None:
    use(freya.workspace, 2007, shop.at("2027-03-20T00:00:00"))
    shop.at("2027-03-20T00:00:01")
    shop.server.fail("/v1/invoices", 500, 500, 500)
    with pytest.raises(stripe.APIError):
        forget_customer(freya.workspace)
    assert forget_customer(freya.workspace) is True
    *_, last = shop.books.invoices.values()
    assert last["status"] == "paid"


def test_forgetting_goes_on_where_it_broke_off(shop: Shop, freya: Person, pro: dict[str, Any]) -> None:
    shop.server.fail(f"/v1/customers/{pro['customer']}", 500, 500, 500)
    with pytest.raises(stripe.APIError):
        forget_customer(freya.workspace)
    assert forget_customer(freya.workspace) is True
    assert shop.books.customers[pro["customer"]]["deleted"] is True


def test_who_never_paid_has_nothing_to_forget(shop: Shop, freya: Person) -> None:
    assert forget_customer(freya.workspace) is False
    assert not shop.server.requests


def test_without_stripe_the_customer_is_named_and_left(
    shop: Shop, freya: Person, pro: dict[str, Any], settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.FRAMELANE_STRIPE_SECRET_KEY = ""
    assert forget_customer(freya.workspace) is False
    assert pro["customer"] in caplog.text


def test_a_deleted_workspace_takes_its_rows_along(shop: Shop, freya: Person, pro: dict[str, Any]) -> None:
    use(freya.workspace, 2001, shop.now)
    shop.at("2027-03-17T00:00:00")
    overage.report_all()
    Workspace.objects.get(id=freya.workspace.id).delete()
    for model in (BillingAccount, Subscription, OverageReport):
        assert not model.objects.exists()
    shop.deliver()
