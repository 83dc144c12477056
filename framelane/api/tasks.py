"""Housekeeping of the HTTP contract."""

from celery import shared_task

from framelane.api import idempotency


@shared_task(name="framelane.api.tasks.purge_idempotency_records")
def purge_idempotency_records() -> None:
    idempotency.purge_expired()
