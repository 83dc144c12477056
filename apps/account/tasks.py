"""What workers do for the workspace itself."""

from celery import shared_task

from apps.account import erasure, invitations


@shared_task(name="apps.account.tasks.erase", ignore_result=True)
def erase(workspace_id: str) -> None:
    erasure.erase(workspace_id=workspace_id)


@shared_task(name="apps.account.tasks.sweep", ignore_result=True)
def sweep() -> None:
    erasure.hint_due()


@shared_task(name="apps.account.tasks.forget_invitations", ignore_result=True)
def forget_invitations() -> None:
    invitations.forget_lapsed()
