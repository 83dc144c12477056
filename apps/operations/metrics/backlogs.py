"""What waits in the database besides jobs: deliveries, mails, events, imports. One query each, through an index."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet
from prometheus_client.core import Metric

from apps.events.models import Event
from apps.mail.models import Mail
from apps.operations.metrics.families import counter, gauge
from apps.tallies.selectors import Sums
from apps.uploads.models import Asset, Import
from apps.webhooks.models import Attempt
from apps.webhooks.models import Status as DeliveryStatus
from framelane.lib import clock

_NO_TRIES: dict[tuple[str, ...], int] = {(outcome,): 0 for outcome in ("succeeded", "failed", "dead", "abandoned")}
_NO_MAILS: dict[tuple[str, ...], int] = {(outcome,): 0 for outcome in ("sent", "given_up")}


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits, and for how many seconds the first of it has been late; 0 when nothing is."""

    waiting: int
    late_s: float


def webhooks() -> Backlog:
    """Attempts at deliveries, planned retries among them; late is what should have been sent."""
    return _backlog(Attempt.objects.filter(status=DeliveryStatus.PENDING), "due_at")


def mails() -> Backlog:
    """Mails in the outbox; late is counted from when they were written, over all attempts."""
    return _backlog(Mail.objects.filter(sent_at=None, given_up_at=None), "created_at")


def events() -> Backlog:
    """Events that have not been handed on."""
    return _backlog(Event.objects.filter(relayed_at__isnull=True), "created_at")


def imports() -> Backlog:
    """Files that are being fetched, or are to be."""
    return _backlog(Import.objects.filter(due_at__isnull=False), "created_at")


def probes() -> Backlog:
    """Media that have come and are still to be examined."""
    return _backlog(Asset.objects.filter(probe_due_at__isnull=False), "probe_due_at")


def _backlog(rows: QuerySet[Any], since: str) -> Backlog:
    found = rows.aggregate(waiting=Count("id"), first=Min(since))
    return Backlog(found["waiting"], _seconds_since(found["first"]))


def _seconds_since(moment: datetime | None) -> float:
    return 0.0 if moment is None else max(0.0, (clock.now() - moment).total_seconds())


def of_backlogs(sums: Sums) -> Iterator[Metric]:
    """`sums` are the installation's counters."""
    tries = "Tries at deliveries: succeeded, failed (to be repeated), dead (the last), abandoned with their webhook."
    yield counter("framelane_webhook_attempts", tries, ("outcome",), _NO_TRIES | sums.get("webhook_attempts", {}))
    sent = "Mails that left the outbox: sent, or given up."
    yield counter("framelane_mails", sent, ("outcome",), _NO_MAILS | sums.get("mails", {}))
    for name, noun, backlog in (
        ("webhook_deliveries", "deliveries of webhooks", webhooks()),
        ("mails", "mails", mails()),
        ("events", "events", events()),
        ("imports", "imports", imports()),
        ("probes", "media to examine", probes()),
    ):
        yield gauge(f"framelane_{name}_waiting", f"How many {noun} wait.", (), {(): backlog.waiting})
        late = f"How late the first of the waiting {noun} is."
        yield gauge(f"framelane_{name}_late_seconds", late, (), {(): backlog.late_s})
