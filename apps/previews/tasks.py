"""What the io workers do for previews."""

from celery import shared_task

from apps.previews import services


@shared_task(name="apps.previews.tasks.sweep", ignore_result=True)
def sweep() -> None:
    services.hint_due()
