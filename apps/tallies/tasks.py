"""What workers do for counters."""

from celery import shared_task

from apps.tallies import services


@shared_task(name="apps.tallies.tasks.compact", ignore_result=True)
def compact() -> None:
    services.compact()
