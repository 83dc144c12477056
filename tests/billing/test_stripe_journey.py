"""A workspace's life as a customer, whatever the order in which Stripe's events come and however often."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from apps.billing.stripe.models import OverageReport, StripeEvent
from apps.mail.models import Mail
from tests.billing.payments import Shop, report, told, use
from tests.people import Person

pytestmark = pytest.mark.slow

MINUTE_CENTS = Decimal(8)


def subscription_of(person: Person) -> dict[str, Any]:
    answer: dict[str, Any] = person.get("/v1/billing/subscription").json()
    return answer


def test_a_payment_gives_the_plan_at_once(shop: Shop, freya: Person) -> None:
    assert subscription_of(freya)["plan"] == "free"
    shop.subscribe(freya)
    shown = subscription_of(freya)
    assert (shown["plan"], shown["status"], shown["cancel_at_period_end"]) == ("pro", "active", False)
    assert shown["current_period_start"] == "2027-03-16T12:00:00Z"
    assert shown["current_period_end"] == "2027-04-01T00:00:00Z"
    # Half a day less than half of March is left.
    (first,) = shop.books.invoices.values()
    assert (first["status"], first["total"]) == ("paid", 4950)


def test_the_invoice_of_a_month_is_the_price_and_what_the_ledger_says_beyond_it(shop: Shop, freya: Person) -> None:
    shop.subscribe(freya)
    use(freya.workspace, 1999.5, shop.at("2027-03-20T08:00:00"))
    report()
    assert shop.meter_minutes() == 0
    use(freya.workspace, 12.4, shop.at("2027-03-25T08:00:00"))
    use(freya.workspace, "0.35", shop.at("2027-03-25T09:00:00"))
    assert report() == 1
    assert subscription_of(freya)["overage_minutes"] == 12
    assert subscription_of(freya)["overage_usd"] == 0.96
    # The last job ends within the month's last second, and is reported in the hour of the draft.
    use(freya.workspace, "200.1", datetime(2027, 3, 31, 23, 59, 59, 999999, tzinfo=UTC))
    shop.at("2027-04-01T00:00:05")
    (draft,) = shop.books.turn_month()
    assert draft["total"] == 9900 + 12 * 8
    use(freya.workspace, 3, shop.now)
    shop.at("2027-04-01T00:10:00")
    assert report() == 1
    shop.at("2027-04-01T01:00:05")
    invoice = shop.books.finalize(draft)
    shop.deliver()
    ledger_minutes = (Decimal("1999.5") + Decimal("12.4") + Decimal("0.35") + Decimal("200.1")) - 2000
    assert invoice["total"] == 9900 + int(ledger_minutes) * MINUTE_CENTS == 9900 + 212 * 8
    assert invoice["status"] == "paid"
    assert told(freya.workspace).plan_status == "active"


def test_a_payment_that_fails_and_is_made_up_for(shop: Shop, freya: Person) -> None:
    shop.subscribe(freya)
    shop.at("2027-04-01T00:00:05")
    (draft,) = shop.books.turn_month()
    failed_at = shop.at("2027-04-01T01:00:05")
    shop.books.finalize(draft, pays=False)
    shop.deliver()
    after = told(freya.workspace)
    assert (after.plan, after.plan_status, after.past_due_since) == ("pro", "past_due", failed_at)
    # Stripe tries again in vain: nobody is told twice, and the grace does not begin anew.
    shop.at("2027-04-04T01:00:05")
    shop.books._collect(draft, pays=False)
    shop.deliver()
    assert told(freya.workspace).past_due_since == failed_at
    assert [mail.context["read_only_from"] for mail in Mail.objects.filter(template="payment_failed")] == [
        "8 April 2027"
    ]
    shop.books.settle(draft)
    shop.deliver()
    after = told(freya.workspace)
    assert (after.plan, after.plan_status, after.past_due_since) == ("pro", "active", None)


def test_a_cancelled_plan_lasts_until_its_month_ends(shop: Shop, freya: Person) -> None:
    subscription = shop.subscribe(freya)
    shop.books.cancel_in_portal(subscription)
    shop.deliver()
    assert subscription_of(freya)["cancel_at_period_end"] is True
    assert told(freya.workspace).plan == "pro"
    use(freya.workspace, 2010, shop.at("2027-03-31T23:30:00"))
    shop.at("2027-04-01T00:00:05")
    (draft,) = shop.books.turn_month()
    shop.deliver()
    after = told(freya.workspace)
    assert (after.plan, after.plan_status) == ("free", "active")
    assert subscription_of(freya)["cancel_at_period_end"] is False
    # What was used before the end is on the last invoice, and nothing else.
    report()
    assert shop.books.finalize(draft)["total"] == 10 * 8
    use(freya.workspace, 5000, shop.at("2027-04-02T00:00:00"))
    assert report() == 0


def test_who_changed_their_mind_keeps_the_plan(shop: Shop, freya: Person) -> None:
    subscription = shop.subscribe(freya)
    shop.books.cancel_in_portal(subscription)
    shop.books.resume_in_portal(subscription)
    shop.deliver(order=Random(1))
    assert subscription_of(freya)["cancel_at_period_end"] is False


def test_a_second_subscription_in_the_same_month_is_charged_for_its_own_minutes_only(shop: Shop, freya: Person) -> None:
    first = shop.subscribe(freya)
    use(freya.workspace, 2005, shop.at("2027-03-17T00:00:00"))
    report()
    shop.at("2027-03-18T00:00:00")
    shop.books.cancel(first["id"], {"invoice_now": "true"})
    shop.deliver()
    assert told(freya.workspace).plan == "free"
    use(freya.workspace, 3, shop.at("2027-03-19T00:00:00"))
    shop.at("2027-03-20T00:00:00")
    shop.subscribe(freya)
    use(freya.workspace, 4, shop.at("2027-03-21T00:00:00"))
    report()
    shop.at("2027-04-01T00:00:05")
    (draft,) = shop.books.turn_month()
    assert draft["total"] == 9900 + 4 * 8
    assert shop.meter_minutes() == 5 + 4


@dataclass(frozen=True)
class Story:
    """What is left of a quarter of a year, whichever way the events came."""

    plan: str
    plan_status: str
    past_due_since: datetime | None
    invoices: tuple[tuple[str, int], ...]
    pieces: tuple[tuple[str, int, int, str], ...]
    metered: int
    mails: int
    waiting: int


def live_through(shop: Shop, person: Person, order: Random | None, times: int) -> Story:
    workspace = person.workspace
    answer = person.post("/v1/billing/checkout", {"plan": "pro"}).json()
    subscription = shop.books.pay(answer["url"].rpartition("/")[2])
    shop.deliver(times=times, order=order)
    use(workspace, "2100.75", shop.at("2027-03-28T00:00:00"))
    report()
    shop.at("2027-04-01T00:00:05")
    (draft,) = shop.books.turn_month()
    shop.at("2027-04-01T01:00:05")
    shop.books.finalize(draft, pays=False)
    shop.deliver(times=times, order=order)
    assert told(workspace).plan_status == "past_due"
    shop.at("2027-04-03T10:00:00")
    shop.books.settle(draft)
    use(workspace, 2000, shop.now)
    shop.deliver(times=times, order=order)
    assert told(workspace).plan_status == "active"
    use(workspace, "31.999", shop.at("2027-04-20T10:00:00"))
    report()
    shop.books.cancel_in_portal(subscription)
    shop.at("2027-05-01T00:00:05")
    (draft,) = shop.books.turn_month()
    report()
    shop.books.finalize(draft)
    shop.deliver(times=times, order=order)
    return story_of(shop, person)


def story_of(shop: Shop, person: Person) -> Story:
    after = told(person.workspace)
    rows = OverageReport.objects.filter(workspace=after).order_by("month", "from_minute")
    return Story(
        plan=after.plan,
        plan_status=after.plan_status,
        past_due_since=after.past_due_since,
        invoices=tuple((invoice["status"], invoice["total"]) for invoice in shop.books.invoices.values()),
        pieces=tuple((f"{row.month:%m}", row.from_minute, row.to_minute, row.status) for row in rows),
        metered=shop.meter_minutes(),
        mails=Mail.objects.filter(template="payment_failed").count(),
        waiting=StripeEvent.objects.filter(processed_at=None).count(),
    )


EXPECTED = Story(
    plan="free",
    plan_status="active",
    past_due_since=None,
    invoices=(("paid", 4950), ("paid", 9900 + 100 * 8), ("paid", 31 * 8)),
    pieces=(("03", 0, 100, "reported"), ("04", 0, 31, "reported")),
    metered=131,
    mails=1,
    waiting=0,
)


def test_the_whole_story_in_order(shop: Shop, freya: Person) -> None:
    assert live_through(shop, freya, order=None, times=1) == EXPECTED


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_the_whole_story_twice_and_shuffled(shop: Shop, freya: Person, seed: int) -> None:
    assert live_through(shop, freya, order=Random(seed), times=2) == EXPECTED
