"""What the io workers do for jobs."""

from celery import shared_task

from apps.jobs.services import sweep as sweeping


@shared_task(name="apps.jobs.tasks.sweep", ignore_result=True)
def sweep() -> None:
    sweeping.sweep()
