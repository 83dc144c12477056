"""Housekeeping of the HTTP contract."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from framelane.api import idempotency, rate_rows

RATE_COUNTS_ARE_KEPT_S = 600


@shared_task(name="framelane.api.tasks.purge_idempotency_records")
def purge_idempotency_records() -> None:
    idempotency.purge_expired()


@shared_task(name="framelane.api.tasks.purge_rate_counts")
def purge_rate_counts() -> None:
    rate_rows.purge(RATE_COUNTS_ARE_KEPT_S)


@shared_task(name="framelane.api.tasks.purge_sessions")
def purge_sessions() -> None:
    SessionStore.clear_expired()
