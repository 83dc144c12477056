"""Writes to the usage ledger."""

from decimal import Decimal

from apps.billing.models import UsageRecord


def record_usage(*, workspace_id: str, job_id: str, kind: str, output_s: Decimal) -> UsageRecord:
    """Enter a completed job, in the transaction that completes it. `kind` is `render` or the task's type.

    Raises IntegrityError when the job has been entered before.
    """
    return UsageRecord.objects.create(workspace_id=workspace_id, job_id=job_id, kind=kind, output_s=output_s)
