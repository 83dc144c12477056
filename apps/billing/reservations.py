"""Minutes set aside: what jobs that have not ended may come to use.

A job reserves its length when it is submitted, corrects that when its worker knows better, and gives it back in the
transaction in which it ends. What was used and what is reserved never exceed a plan that has an end, because nobody
reserves without the workspace's lock.
"""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from apps.billing.models import Reservation
from apps.billing.quota import Unaffordable, require_affordable, require_writable
from apps.billing.selectors import Allowance, allowance_of
from apps.workspaces.models import Workspace
from apps.workspaces.services import lock_workspace


@transaction.atomic
def reserve(*, workspace_id: str, job_id: str, output_s: Decimal) -> Reservation:
    """Set the length of a new job aside, in the transaction that creates it; 0 for what has no length.

    Raises ApiError 402 when the plan has not that much left, or the workspace is read-only.
    """
    workspace = lock_workspace(workspace_id=workspace_id)
    require_writable(workspace)
    require_affordable(allowance_of(workspace), output_s)
    return Reservation.objects.create(workspace=workspace, job_id=job_id, output_s=output_s)


@transaction.atomic
def resize(*, workspace_id: str, job_id: str, output_s: Decimal) -> None:
    """Make a job's reservation as long as its output will really be, in a transaction that keeps the job from ending.

    Raises Unaffordable when it would grow beyond what is left; then it stays as it was.
    """
    workspace = lock_workspace(workspace_id=workspace_id)
    own_s = Reservation.objects.filter(job_id=job_id).values_list("output_s", flat=True).first() or Decimal(0)
    allowance = allowance_of(workspace)
    if not allowance.affords(output_s - own_s):
        raise Unaffordable(allowance, _left_with(allowance, own_s))
    Reservation.objects.update_or_create(job_id=job_id, defaults={"workspace": workspace, "output_s": output_s})


def is_covered(*, workspace: Workspace, job_id: str) -> bool:
    """Whether a job that is about to start may use what it has reserved: not where the plan of today has too little.

    Otherwise whatever was queued before a subscription ended would be made after it, and paid for by nobody.
    """
    if not allowance_of(workspace).is_overdrawn:
        return True
    return not Reservation.objects.filter(job_id=job_id, output_s__gt=0).exists()


def _left_with(allowance: Allowance, own_s: Decimal) -> Decimal:
    return own_s + (allowance.left_s or Decimal(0))


def release(*, job_id: str) -> bool:
    """Give back what a job has reserved, in the transaction that ends it. False when it had nothing."""
    return bool(Reservation.objects.filter(job_id=job_id).delete()[0])


def release_all_but(active_job_ids: "QuerySet[Any, Any]") -> int:
    """Give back what is reserved for jobs that are not among those named by a query; how many that were."""
    return Reservation.objects.exclude(job_id__in=active_job_ids).delete()[0]
