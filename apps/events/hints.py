"""Messages to workers. They only hint that a row wants attention, so losing one costs time and nothing else."""

from typing import Any

from celery import current_app
from django.db import transaction


def hint(task: str, *args: Any, queue: str, expires_s: float | None = None) -> None:
    """Send a task by its name once the current transaction is committed; at once outside of one.

    When the broker is away the failure is logged and forgotten: the sweepers find the row.
    """

    def send() -> None:
        current_app.send_task(task, args=args, queue=queue, expires=expires_s)

    transaction.on_commit(send, robust=True)
