"""What workers do for the outbox."""

from celery import shared_task

from apps.events import services


@shared_task(name="apps.events.tasks.relay", ignore_result=True)
def relay() -> None:
    services.relay_due()


@shared_task(name="apps.events.tasks.purge", ignore_result=True)
def purge() -> None:
    services.purge()
