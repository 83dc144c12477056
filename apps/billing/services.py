"""Writes to the usage ledger."""

from decimal import Decimal

from django.db import transaction

from apps.billing import alerts
from apps.billing.models import UsageRecord
from apps.workspaces.services import lock_workspace
from framelane.lib import clock


@transaction.atomic
def record_usage(*, workspace_id: str, job_id: str, kind: str, output_s: Decimal) -> UsageRecord:
    """Enter a completed job, in the transaction that completes it. `kind` is `render` or the task's type.

    Raises IntegrityError when the job has been entered before.
    """
    # Two jobs that end at once must not both believe that the other one crossed the threshold.
    workspace = lock_workspace(workspace_id=workspace_id)
    record = UsageRecord.objects.create(
        workspace=workspace, job_id=job_id, kind=kind, output_s=output_s, created_at=clock.now()
    )
    alerts.notice(workspace=workspace, latest_s=output_s)
    return record
