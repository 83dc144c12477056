"""What workers do for webhooks."""

from celery import shared_task

from apps.webhooks import claims, secrets, sending, services
from apps.webhooks.targets import DELIVER, Target


@shared_task(name=DELIVER, ignore_result=True)
def deliver(workspace_id: str, endpoint_id: str | None) -> None:
    sending.deliver_next(Target(workspace_id, endpoint_id))


@shared_task(name="apps.webhooks.tasks.sweep", ignore_result=True)
def sweep() -> None:
    claims.hint_due()


@shared_task(name="apps.webhooks.tasks.purge", ignore_result=True)
def purge() -> None:
    services.purge_log()
    secrets.forget_ended()
    secrets.reseal()
