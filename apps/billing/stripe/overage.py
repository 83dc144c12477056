"""Tells Stripe of the minutes above the plan's, each of them once.

Stripe's meter counts whole minutes, so an invoice charges a whole number of cents for them and agrees with the ledger
exactly. First the row is written, then Stripe is called with the row's id as identifier, then the row is marked: after
a crash in between, the same row is sent again, and Stripe refuses what it has counted already.
https://docs.stripe.com/api/billing/meter-event/create
"""

import logging
from datetime import datetime, timedelta
from typing import Final

import stripe
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from apps.billing.periods import Period, month_before, month_of
from apps.billing.stripe.client import client
from apps.billing.stripe.models import OverageReport, ReportStatus, Subscription
from apps.billing.stripe.selectors import overage_minutes, reported_minutes, used_s
from apps.billing.stripe.states import ENDED, LIVE
from apps.workspaces.models import Plan
from framelane.lib import clock
from framelane.lib.pauses import growing_pause_s

log = logging.getLogger(__name__)

BATCH_SIZE: Final = 500
AFTER_THE_END: Final = timedelta(hours=48)
"""For how long a month, or a subscription, that is over is still looked at."""
LEASE: Final = timedelta(minutes=5)
LONGEST_PAUSE_S: Final = 1800.0
FIRST_PAUSE_S: Final = 30.0
DEDUPLICATED_FOR: Final = timedelta(hours=23)
"""Stripe knows an identifier for at least 24 hours; afterwards sending it again could count it again."""


def report_all() -> int:
    """Report what has come up since the last time, and send again what could not be sent; how many rows were sent."""
    recent = Q(status__in=LIVE) | Q(status__in=ENDED, ended_at__gt=clock.now() - AFTER_THE_END)
    for subscription in Subscription.objects.filter(recent).select_related("workspace"):
        _write_rows(subscription)
    due = OverageReport.objects.filter(status=ReportStatus.PENDING, due_at__lte=clock.now())
    return sum(send(report_id) for report_id in due.order_by("due_at").values_list("id", flat=True)[:BATCH_SIZE])


def report(subscription: Subscription) -> int:
    """Report one subscription's minutes until now; how many rows were sent."""
    return sum(send(row.id) for row in _write_rows(subscription))


def _write_rows(subscription: Subscription) -> list[OverageReport]:
    """The rows of what is not yet reported of this month, and of the last one as long as its invoice is open."""
    now = clock.now()
    this = month_of(now)
    months = [this] if now - this.start > AFTER_THE_END else [month_before(this), this]
    return [row for month in months if (row := _write_row(subscription, month)) is not None]


def _write_row(subscription: Subscription, month: Period) -> OverageReport | None:
    since = max(month.start, subscription.started_at)
    until = min(month.end, subscription.ended_at or month.end)
    minutes = overage_minutes(
        workspace_id=subscription.workspace_id, plan=Plan.PRO, month=month, since=since, until=until
    )
    reported = reported_minutes(subscription.id, month)
    if minutes <= reported:
        return None
    try:
        with transaction.atomic():
            return OverageReport.objects.create(
                workspace_id=subscription.workspace_id,
                subscription_id=subscription.id,
                customer_id=subscription.customer_id,
                month=month.start.date(),
                from_minute=reported,
                to_minute=minutes,
                ledger_output_s=used_s(subscription.workspace_id, month.start, until),
                happened_at=_moment(since, until),
                created_at=clock.now(),
                due_at=clock.now(),
            )
    except IntegrityError:
        # Another process has just written the row that begins here.
        return None


def _moment(since: datetime, until: datetime) -> datetime:
    """A moment for the meter inside of the window: it decides on which invoice the minutes are."""
    return max(since, min(clock.now(), until - timedelta(seconds=1)))


def send(report_id: str) -> bool:
    """Tell Stripe of a row; False when it is not due, or could not be told."""
    row = _claim(report_id)
    if row is None or _has_become_unsafe(row):
        return False
    try:
        _call(row)
    except stripe.StripeError as error:
        if not _is_counted_already(error):
            log.warning("overage report %s failed: %s", row.id, error)
            pause_s = growing_pause_s(row.tries, first_s=FIRST_PAUSE_S, longest_s=LONGEST_PAUSE_S)
            _pending(row.id).update(due_at=clock.now() + timedelta(seconds=pause_s))
            return False
    return bool(_pending(row.id).update(status=ReportStatus.REPORTED, reported_at=clock.now()))


def _claim(report_id: str) -> OverageReport | None:
    now = clock.now()
    values = {"due_at": now + LEASE, "tries": F("tries") + 1, "first_tried_at": Coalesce("first_tried_at", Value(now))}
    if not _pending(report_id).filter(due_at__lte=now).update(**values):
        return None
    return OverageReport.objects.get(id=report_id)


def _pending(report_id: str) -> QuerySet[OverageReport]:
    return OverageReport.objects.filter(id=report_id, status=ReportStatus.PENDING)


def _has_become_unsafe(row: OverageReport) -> bool:
    """Whether Stripe may have forgotten that it counted the row; then a person must look."""
    if row.first_tried_at is None or clock.now() - row.first_tried_at < DEDUPLICATED_FOR:
        return False
    log.error("overage report %s was not confirmed for a day; compare it with Stripe's meter", row.id)
    _pending(row.id).update(status=ReportStatus.STUCK)
    return True


def _call(row: OverageReport) -> None:
    client().v1.billing.meter_events.create(
        {
            "event_name": settings.FRAMELANE_STRIPE_METER_EVENT,
            "identifier": row.id,
            "timestamp": int(row.happened_at.timestamp()),
            "payload": {"stripe_customer_id": row.customer_id, "value": str(row.minutes)},
        },
        {"idempotency_key": f"overage-{row.id}"},
    )


def _is_counted_already(error: stripe.StripeError) -> bool:
    """Stripe refuses an identifier that it knows: "An event already exists with identifier …"."""
    return isinstance(error, stripe.InvalidRequestError) and "already exists with identifier" in str(error)
