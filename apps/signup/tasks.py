"""What workers do for signing up."""

from celery import shared_task

from apps.signup import allowances, services


@shared_task(name="apps.signup.tasks.sweep", ignore_result=True)
def sweep() -> None:
    services.discard_stale()
    allowances.forget_old()
