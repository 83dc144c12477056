"""Writes to the outbox."""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from apps.events.hints import hint
from apps.events.models import Event
from apps.events.registry import subscribers_of
from framelane.lib import clock
from framelane.lib.pauses import growing_pause_s

log = logging.getLogger(__name__)

BATCH_SIZE = 200
PURGE_BATCH_SIZE = 1000
FIRST_RETRY_S = 5
LONGEST_RETRY_S = 600
KEPT_DAYS = 30


def record(*, workspace_id: str, type: str, data: dict[str, Any]) -> Event:
    """Write an event next to the change that it tells of. Raises RuntimeError outside of a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"event {type!r} must be recorded in the transaction of the change that it tells of")
    event = Event.objects.create(workspace_id=workspace_id, type=type, data=data)
    hint("apps.events.tasks.relay", queue="io")
    return event


def relay_due() -> int:
    """Hand waiting events to their subscribers, oldest first; how many were relayed."""
    due = Event.objects.filter(relayed_at__isnull=True, due_at__lte=clock.now())
    event_ids = list(due.order_by("created_at", "id").values_list("id", flat=True)[:BATCH_SIZE])
    return sum(_relay(event_id) for event_id in event_ids)


def _relay(event_id: str) -> bool:
    try:
        return _hand_over(event_id)
    except Exception:
        log.exception("event %s was not relayed", event_id)
        _postpone(event_id)
        return False


@transaction.atomic
def _hand_over(event_id: str) -> bool:
    """False when another relay was faster. The mark and the subscribers' writes become visible together."""
    if not Event.objects.filter(id=event_id, relayed_at__isnull=True).update(relayed_at=clock.now()):
        return False
    event = Event.objects.get(id=event_id)
    for subscriber in subscribers_of(event.type):
        subscriber(event)
    return True


def _postpone(event_id: str) -> None:
    waiting = Event.objects.filter(id=event_id, relayed_at__isnull=True)
    failures = waiting.values_list("failures", flat=True).first()
    if failures is not None:
        delay_s = growing_pause_s(failures, first_s=FIRST_RETRY_S, longest_s=LONGEST_RETRY_S)
        waiting.update(failures=F("failures") + 1, due_at=clock.now() + timedelta(seconds=delay_s))


def purge() -> int:
    """Forget events that were handed on more than 30 days ago; how many that were."""
    old = Event.objects.filter(relayed_at__lt=clock.now() - timedelta(days=KEPT_DAYS))
    count = 0
    while event_ids := list(old.values_list("id", flat=True)[:PURGE_BATCH_SIZE]):
        count += old.filter(id__in=event_ids).delete()[1].get("events.Event", 0)
    return count
