"""What Stripe's subscriptions make of a workspace."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
import stripe
from django.test import Client
from djstripe import models as mirrored

from apps.billing.stripe import accounts, overage
from apps.billing.stripe.models import BillingAccount, OverageReport, Subscription
from apps.billing.stripe.states import Reading, leading, read
from apps.mail.models import Mail
from apps.workspaces.models import Workspace
from apps.workspaces.services import set_plan
from tests.billing.payments import Shop, told, use
from tests.people import Person, make_person
from tests.staff.acting import do
from tests.stripe_server import PRO

pytestmark = pytest.mark.slow

MARCH, APRIL = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC)
ACTIVE = Reading(
    id="sub_1",
    status="active",
    started_at=MARCH,
    ended_at=None,
    current_period_start=MARCH,
    current_period_end=APRIL,
    cancel_at_period_end=False,
    failed_at=None,
    open_invoice_id=None,
    was_given_up=False,
)
OLD = replace(ACTIVE, id="sub_0", status="canceled", started_at=MARCH - timedelta(days=60), ended_at=MARCH)
OLDER = replace(OLD, id="sub_00", ended_at=MARCH - timedelta(days=1))
SECOND = replace(ACTIVE, id="sub_2", status="past_due", started_at=MARCH + timedelta(days=1))
NEVER_PAID = replace(ACTIVE, id="sub_3", status="incomplete_expired", ended_at=APRIL)


@pytest.mark.parametrize(
    ("found", "decides"),
    [
        ([], None),
        ([NEVER_PAID], None),
        ([OLD], OLD),
        ([OLD, OLDER], OLD),
        ([OLD, NEVER_PAID], OLD),
        ([ACTIVE, SECOND], ACTIVE),
        ([OLD, OLDER, SECOND, NEVER_PAID], SECOND),
    ],
)
def test_the_oldest_live_one_decides_and_else_the_last_that_ended(
    found: list[Reading], decides: Reading | None
) -> None:
    assert {leading(order) for order in permutations(found)} == {decides}


@pytest.mark.parametrize(
    ("theirs", "plan", "ours"),
    [
        ("active", "pro", "active"),
        ("trialing", "pro", "trialing"),
        ("past_due", "pro", "past_due"),
        ("unpaid", "pro", "past_due"),
        ("paused", "pro", "past_due"),
        ("canceled", "free", "active"),
        ("incomplete", "pro", "active"),
    ],
)
def test_every_status_of_stripes(
    shop: Shop, freya: Person, pro: dict[str, Any], theirs: str, plan: str, ours: str
) -> None:
    pro["status"] = theirs
    shop.books._tell("customer.subscription.updated", pro)
    shop.deliver()
    after = told(freya.workspace)
    assert (after.plan, after.plan_status) == (plan, ours)
    assert (after.past_due_since is None) == (ours != "past_due")


def test_subscriptions_to_other_things_are_none_of_ours(pro: dict[str, Any]) -> None:
    assert read({**pro, "items": {"data": []}}, PRO) is None
    assert read({**pro, "metadata": {}}, "price_of_something_else") is None


def test_who_subscribed_at_an_older_price_keeps_the_plan(
    shop: Shop, freya: Person, pro: dict[str, Any], settings: Any
) -> None:
    settings.FRAMELANE_STRIPE_PRICE_PRO = "price_of_next_year"
    Workspace.objects.update(plan="free")
    shop.books._tell("customer.subscription.updated", pro)
    shop.deliver()
    assert told(freya.workspace).plan == "pro"
    shop.books.cancel(pro["id"], {})
    shop.deliver()
    assert told(freya.workspace).plan == "free"


def test_a_newer_portal_says_when_instead_of_that(pro: dict[str, Any]) -> None:
    end = pro["items"]["data"][0]["current_period_end"]
    readings = [read({**pro, "cancel_at": at}, PRO) for at in (None, end, end + 1)]
    assert [reading and reading.cancel_at_period_end for reading in readings] == [False, True, False]


def test_who_was_cut_off_for_not_paying_stays_read_only(shop: Shop, freya: Person, pro: dict[str, Any]) -> None:
    shop.books.give_up(pro)
    shop.deliver()
    after = told(freya.workspace)
    assert (after.plan, after.plan_status, after.past_due_since) == ("free", "cancelled", None)
    scene = {"duration": 1, "elements": [{"type": "text", "text": "Hello", "duration": 1}]}
    assert freya.post("/v1/renders", scene).status_code == 402
    shop.subscribe(freya)
    assert told(freya.workspace).plan_status == "active"
    assert freya.post("/v1/renders", scene).status_code == 202


def test_enterprise_is_never_touched(shop: Shop, freya: Person, pro: dict[str, Any]) -> None:
    Workspace.objects.update(plan="enterprise")
    shop.books._tell("customer.subscription.updated", pro)
    shop.books.cancel(pro["id"], {})
    shop.deliver()
    after = told(freya.workspace)
    assert (after.plan, after.plan_status) == ("enterprise", "active")
    assert Subscription.objects.get().status == "canceled"


def test_what_staff_gives_after_the_end_stays(shop: Shop, freya: Person, pro: dict[str, Any]) -> None:
    shop.books.cancel(pro["id"], {})
    shop.deliver()
    Workspace.objects.update(plan="pro")
    shop.books._tell("customer.updated", shop.books.customers[pro["customer"]])
    shop.deliver()
    assert told(freya.workspace).plan == "pro"


def test_an_older_reading_never_replaces_a_newer_one(
    shop: Shop, freya: Person, pro: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process reads, sleeps while the subscription ends and another one notices, and wakes up."""
    asked = accounts._subscriptions
    slept: list[bool] = []

    def sleepy(customer_id: str) -> list[stripe.Subscription]:
        found = asked(customer_id)
        if not slept:
            slept.append(True)
            shop.books.cancel(pro["id"], {})
            assert accounts.sync(customer_id)
            assert told(freya.workspace).plan == "free"
        return found

    monkeypatch.setattr(accounts, "_subscriptions", sleepy)
    assert accounts.sync(pro["customer"])
    assert told(freya.workspace).plan == "free"


def test_who_is_always_too_late_comes_again(shop: Shop, pro: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = accounts._customer

    def overtaken(customer_id: str) -> stripe.Customer | None:
        BillingAccount.objects.update(version=BillingAccount.objects.get().version + 1)
        return asked(customer_id)

    monkeypatch.setattr(accounts, "_customer", overtaken)
    with pytest.raises(accounts.Contended):
        accounts.sync(pro["customer"])


def test_staff_finds_everything_in_dj_stripe(shop: Shop, pro: dict[str, Any]) -> None:
    assert mirrored.Customer.objects.get().id == pro["customer"]
    assert mirrored.Subscription.objects.get().stripe_data["status"] == "active"
    assert set(mirrored.SubscriptionItem.objects.values_list("price__id", flat=True)) == {"price_pro", "price_overage"}
    assert mirrored.Invoice.objects.get().stripe_data["status"] == "paid"
    assert not mirrored.APIKey.objects.exists(), "the secret key belongs into the environment alone"
    shop.books.cancel(pro["id"], {})
    shop.deliver()
    assert mirrored.Subscription.objects.get().stripe_data["status"] == "canceled"


LISTS = ["billing/billingaccount", "billing/subscription", "billing/stripeevent", "billing/overagereport"]


@pytest.mark.parametrize("page", [*LISTS, "djstripe/customer", "djstripe/subscription", "djstripe/invoice"])
def test_staff_sees_lists_of_everything(
    shop: Shop, freya: Person, pro: dict[str, Any], admin_client: Client, page: str
) -> None:
    use(freya.workspace, 2001, shop.now)
    shop.at("2027-03-17T00:00:00")
    overage.report_all()
    answer = admin_client.get(f"/admin/{page}/")
    assert answer.status_code == 200
    assert answer.context["cl"].result_count > 0
    if page in LISTS:
        assert admin_client.get(f"/admin/{page}/add/").status_code == 403


def test_staff_decides_on_reports_whose_fate_is_open(
    shop: Shop, freya: Person, pro: dict[str, Any], admin_client: Client
) -> None:
    use(freya.workspace, 2003, shop.now)
    for hour, action, status in [(1, "send_again", "pending"), (2, "mark_as_counted", "reported")]:
        shop.at(f"2027-03-17T0{hour}:00:00")
        overage.report_all()
        OverageReport.objects.update(status="stuck")
        row = OverageReport.objects.get()
        do(admin_client, action, row, reason="I have looked.")
        assert OverageReport.objects.get().status == status


def test_what_was_never_told_is_found_within_a_day(shop: Shop, freya: Person, pro: dict[str, Any]) -> None:
    shop.books.cancel(pro["id"], {})
    assert accounts.sync_stale() == 0
    shop.at("2027-03-17T12:00:01")
    assert accounts.sync_stale() == 1
    assert told(freya.workspace).plan == "free"
    assert accounts.sync_stale() == 0


def test_one_customer_that_cannot_be_read_does_not_keep_the_others_waiting(
    shop: Shop, freya: Person, pro: dict[str, Any]
) -> None:
    other = make_person("Frank", plan="free")
    second = shop.subscribe(other)
    shop.books.cancel(second["id"], {})
    shop.at("2027-03-18T12:00:00")
    shop.server.fail(f"/v1/customers/{pro['customer']}", 500, 500, 500)
    assert accounts.sync_stale() == 1
    assert told(other.workspace).plan == "free"


# --- The service of the workspaces ----------------------------------------------------------------------------------


@pytest.fixture
def give(freya: Person) -> Callable[..., bool]:
    def give(plan: str, status: str, since: datetime | None = None) -> bool:
        return set_plan(workspace=freya.workspace, plan=plan, plan_status=status, past_due_since=since)

    return give


def test_a_plan_is_given_and_taken(freya: Person, give: Callable[..., bool]) -> None:
    assert give("pro", "past_due", MARCH)
    assert give("pro", "past_due", APRIL)
    assert freya.workspace.past_due_since == told(freya.workspace).past_due_since == MARCH
    assert give("pro", "active")
    assert told(freya.workspace).past_due_since is None


@pytest.mark.parametrize(("plan", "status"), [("gold", "active"), ("pro", "unpaid")])
def test_plans_that_do_not_exist_are_refused(give: Callable[..., bool], plan: str, status: str) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        give(plan, status)


def test_nobody_is_told_of_a_failed_payment_without_an_invoice(shop: Shop, pro: dict[str, Any]) -> None:
    pro["status"], pro["latest_invoice"] = "paused", None
    shop.books._tell("customer.subscription.paused", pro)
    shop.deliver()
    assert not Mail.objects.filter(template="payment_failed").exists()
