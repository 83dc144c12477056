"""Minutes above the plan's reach Stripe once, whatever breaks on the way."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
import stripe
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from apps.billing.models import UsageRecord
from apps.billing.periods import Period, month_of
from apps.billing.stripe import overage
from apps.billing.stripe.models import OverageReport, ReportStatus, Subscription
from apps.billing.stripe.selectors import overage_minutes
from tests.billing.payments import Shop, open_shop, report, use
from tests.people import Person, make_person
from tests.stripe_server.server import BROKEN_AFTER, BROKEN_BEFORE
from tests.threads import at_once

pytestmark = pytest.mark.slow

METER = "/v1/billing/meter_events"
MARCH = Period(datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))


def pieces() -> list[tuple[int, int]]:
    return list(OverageReport.objects.order_by("from_minute").values_list("from_minute", "to_minute"))


def test_only_what_is_new_is_told(shop: Shop, freya: Person, pro: dict[str, Any]) -> None:
    use(freya.workspace, "2001.5", shop.at("2027-03-17T00:00:00"))
    shop.at("2027-03-17T00:15:00")
    assert [report(), report()] == [1, 0]
    use(freya.workspace, "0.49", shop.now)
    shop.at("2027-03-17T00:30:00")
    assert report() == 0
    use(freya.workspace, "5.02", shop.now)
    shop.at("2027-03-17T00:45:00")
    assert report() == 1
    assert pieces() == [(0, 1), (1, 7)]
    assert shop.meter_minutes() == 7
    assert OverageReport.objects.get(from_minute=1).ledger_output_s == Decimal("120420.600")


def test_what_stripe_is_told(shop: Shop, freya: Person, pro: dict[str, Any]) -> None:
    use(freya.workspace, 2003, shop.now)
    now = shop.at("2027-03-16T13:00:00")
    report()
    row = OverageReport.objects.get()
    (told,) = shop.books.meter_events.values()
    assert told["identifier"] == row.id
    assert told["payload"] == {"stripe_customer_id": pro["customer"], "value": "3"}
    assert told["timestamp"] == int(now.timestamp())
    assert (row.status, row.reported_at, row.tries) == ("reported", now, 1)


def test_the_last_report_of_a_month_is_dated_within_it(shop: Shop, freya: Person, pro: dict[str, Any]) -> None:
    use(freya.workspace, 2003, datetime(2027, 3, 31, 23, 59, tzinfo=UTC))
    shop.at("2027-04-01T00:14:00")
    report()
    (told,) = shop.books.meter_events.values()
    assert told["timestamp"] == int(MARCH.end.timestamp()) - 1


def test_a_month_is_closed_two_days_after_its_end(shop: Shop, freya: Person, pro: dict[str, Any]) -> None:
    use(freya.workspace, 2003, datetime(2027, 3, 31, 23, 59, tzinfo=UTC))
    shop.at("2027-04-03T00:00:01")
    assert report() == 0


def test_minutes_of_the_free_half_of_a_month_take_up_what_is_included(shop: Shop, freya: Person) -> None:
    use(freya.workspace, 25, shop.at("2027-03-02T00:00:00"))
    shop.at("2027-03-16T12:00:00")
    shop.subscribe(freya)
    use(freya.workspace, 1976, shop.at("2027-03-17T00:00:00"))
    shop.at("2027-03-17T00:00:01")
    report()
    assert shop.meter_minutes() == 1


def test_what_was_used_before_the_subscription_is_not_charged(shop: Shop, freya: Person) -> None:
    """Staff had given the plan away, and more than it includes was used."""
    use(freya.workspace, 2100, shop.at("2027-03-02T00:00:00"))
    shop.at("2027-03-16T12:00:00")
    shop.subscribe(freya)
    report()
    assert shop.meter_minutes() == 0
    use(freya.workspace, 2, shop.at("2027-03-17T00:00:00"))
    shop.at("2027-03-17T00:00:01")
    report()
    assert shop.meter_minutes() == 2


def test_others_are_not_charged(shop: Shop, freya: Person, alice: Person, pro: dict[str, Any]) -> None:
    use(alice.workspace, 5000, shop.now)
    shop.at("2027-03-17T00:00:01")
    assert report() == 0


def test_a_report_that_never_arrived_is_sent_again(shop: Shop, freya: Person, pro: dict[str, Any]) -> None:
    use(freya.workspace, 2003, shop.now)
    shop.at("2027-03-17T00:00:00")
    shop.server.fail(METER, *[BROKEN_BEFORE] * 3)
    assert report() == 0
    assert (shop.meter_minutes(), OverageReport.objects.get().status) == (0, "pending")
    assert report() == 0, "there is a pause between the attempts"
    shop.at("2027-03-17T00:15:00")
    assert report() == 1
    assert shop.meter_minutes() == 3


@pytest.mark.parametrize("hours", [0.25, 22])
def test_a_report_that_arrived_unnoticed_is_counted_once(
    shop: Shop, freya: Person, pro: dict[str, Any], hours: float
) -> None:
    """We crash, or the line breaks, between Stripe's counting and our noting it."""
    use(freya.workspace, 2003, shop.now)
    start = shop.at("2027-03-17T00:00:00")
    shop.server.fail(METER, *[BROKEN_AFTER] * 3)
    assert report() == 0
    assert (shop.meter_minutes(), OverageReport.objects.get().status) == (3, "pending")
    # Their record of our idempotency key does not last longer than that of the identifier.
    shop.server._answers.clear()
    use(freya.workspace, 4, shop.now)
    shop.at((start + timedelta(hours=hours)).replace(tzinfo=None).isoformat())
    assert report() == 2
    assert shop.meter_minutes() == 7
    assert pieces() == [(0, 3), (3, 7)]
    assert set(OverageReport.objects.values_list("status", flat=True)) == {"reported"}


def test_a_crash_before_the_call_loses_nothing(
    shop: Shop, freya: Person, pro: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(freya.workspace, 2003, shop.now)
    shop.at("2027-03-17T00:00:00")

    def killed(row: OverageReport) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(overage, "_call", killed)
        with pytest.raises(SystemExit):
            report()
    assert OverageReport.objects.get().status == "pending"
    assert report() == 0, "the dead process's lease still lasts"
    shop.at("2027-03-17T00:05:01")
    assert report() == 1
    assert shop.meter_minutes() == 3


def test_what_stripe_may_have_forgotten_is_for_people(
    shop: Shop, freya: Person, pro: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    use(freya.workspace, 2003, shop.now)
    shop.at("2027-03-17T00:00:00")
    shop.server.fail(METER, *[BROKEN_AFTER] * 3)
    report()
    shop.at("2027-03-17T23:30:00")
    assert report() == 0
    row = OverageReport.objects.get()
    assert row.status == ReportStatus.STUCK
    assert row.id in caplog.text
    # What comes after is told as ever.
    use(freya.workspace, 2, shop.now)
    shop.at("2027-03-17T23:45:00")
    assert report() == 1
    assert shop.meter_minutes() == 5


def test_any_other_refusal_is_not_taken_for_success(
    shop: Shop, freya: Person, pro: dict[str, Any], settings: Any
) -> None:
    settings.FRAMELANE_STRIPE_METER_EVENT = "a_meter_that_there_is_not"
    use(freya.workspace, 2003, shop.now)
    shop.at("2027-03-17T00:00:00")
    assert report() == 0
    assert OverageReport.objects.get().status == "pending"
    settings.FRAMELANE_STRIPE_METER_EVENT = "framelane_overage_minutes"
    shop.at("2027-03-17T00:15:00")
    assert report() == 1


def test_pieces_never_overlap(shop: Shop, freya: Person, pro: dict[str, Any]) -> None:
    use(freya.workspace, 2003, shop.now)
    shop.at("2027-03-17T00:00:00")
    report()
    row = OverageReport.objects.get()
    for values in ({"from_minute": 0, "to_minute": 9}, {"from_minute": 3, "to_minute": 3}):
        again = OverageReport(**{**_values(row), **values})
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save(force_insert=True)


def _values(row: OverageReport) -> dict[str, Any]:
    names = ("workspace_id", "subscription_id", "customer_id", "month", "ledger_output_s", "happened_at")
    return {name: getattr(row, name) for name in names}


@pytest.fixture
def open_for_threads(transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    with open_shop(settings, monkeypatch) as opened:
        yield opened


def test_reporters_at_the_same_time_tell_once(open_for_threads: Shop) -> None:
    freya = make_person("Freya", plan="free")
    open_for_threads.subscribe(freya)
    use(freya.workspace, 2011, open_for_threads.now)
    open_for_threads.at("2027-03-17T00:00:00")
    sent = at_once(*(report for _ in range(4)))
    assert sum(sent) == 1
    assert open_for_threads.meter_minutes() == 11
    assert open_for_threads.server.count("POST", METER) == 1


# --- To the cent ----------------------------------------------------------------------------------------------------

JOBS = st.lists(st.tuples(st.integers(0, 15 * 24 * 3600), st.decimals("0", "90000", places=3)), min_size=1, max_size=30)


@effort(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(jobs=JOBS, report_after=st.lists(st.integers(0, 16 * 24 * 3600), max_size=8))
def test_ledger_and_meter_agree_whenever_it_is_reported(
    shop: Shop, freya: Person, jobs: list[tuple[int, Decimal]], report_after: list[int]
) -> None:
    """The subscription begins in the middle of March; jobs end and reports are made at any time until its end.

    All but a minute of what is included was used before.
    """
    begins = MARCH.end - timedelta(days=15)
    subscription = _afresh(freya, begins)
    use(freya.workspace, 1999, MARCH.start)
    shop.books.meter_events.clear()
    shop.books.customers["cus_x"] = {}
    moments = sorted([(begins + timedelta(seconds=s), None) for s in report_after] + [
        (begins + timedelta(seconds=at), output_s) for at, output_s in jobs
    ], key=lambda moment: moment[0])  # fmt: skip
    for at, output_s in [*moments, (MARCH.end + timedelta(minutes=15), None)]:
        shop.books.now = at
        if output_s is None:
            overage.report(subscription)
        else:
            use(freya.workspace, output_s / 60, at)
    ledger_s = sum(row.output_s for row in UsageRecord.objects.filter(created_at__lt=MARCH.end))
    assert shop.meter_minutes() == max(0, int((ledger_s - 2000 * 60) // 60))
    ends = [0, *(to for _, to in pieces())]
    assert pieces() == list(pairwise(ends))
    period = (begins.timestamp(), MARCH.end.timestamp())
    assert all(period[0] <= event["timestamp"] < period[1] for event in shop.books.meter_events.values())


def _afresh(person: Person, begins: datetime) -> Subscription:
    for model in (UsageRecord, OverageReport, Subscription):
        model.objects.all().delete()
    return Subscription.objects.create(
        id="sub_x",
        workspace=person.workspace,
        customer_id="cus_x",
        status="active",
        started_at=begins,
        current_period_start=begins,
        current_period_end=MARCH.end,
    )


def test_a_window_that_is_empty_holds_nothing(freya: Person) -> None:
    assert month_of(MARCH.start) == MARCH
    use(freya.workspace, 3000, MARCH.start)
    values = {"workspace_id": freya.workspace.id, "plan": "pro", "month": MARCH}
    assert overage_minutes(**values, since=MARCH.end, until=MARCH.end) == 0
    assert overage_minutes(**values, since=MARCH.start, until=MARCH.end) == 1000
    assert overage_minutes(**{**values, "plan": "enterprise"}, since=MARCH.start, until=MARCH.end) == 0


def test_the_librarys_refusal_is_read_as_stripe_words_it(shop: Shop, freya: Person, pro: dict[str, Any]) -> None:
    use(freya.workspace, 2001, shop.now)
    shop.at("2027-03-17T00:00:00")
    report()
    row = OverageReport.objects.get()
    shop.server._answers.clear()
    with pytest.raises(stripe.InvalidRequestError) as refused:
        overage._call(row)
    assert overage._is_counted_already(refused.value)
