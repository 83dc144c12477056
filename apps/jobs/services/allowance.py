"""What a running attempt may make, asked as soon as it knows what that would be."""

from dataclasses import dataclass

from django.db import transaction

from apps.billing import reservations
from apps.billing.quota import Unaffordable
from apps.billing.selectors import ledger_s
from apps.jobs import plans
from apps.jobs.models import Job, Kind
from apps.jobs.schemas import TaskType
from apps.jobs.services.attempts import Claim


class NotAllowed(Exception):
    """The output would be more than the workspace may have; the message says what is left, and until when."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much an output is: `duration_s` in seconds, 0 for what has no length; its sides in pixels, or None."""

    duration_s: float = 0
    width: int | None = None
    height: int | None = None


def require_allowed(claim: Claim, extent: Extent) -> None:
    """Make sure of an output that is longer or larger than the submission could tell. Raises NotAllowed.

    What the job has reserved becomes what it will use, so no other job can count on the same minutes. Without effect
    once the claim is lost.
    """
    _check_size(claim, extent)
    try:
        _reserve(claim, extent)
    except Unaffordable as refusal:
        raise NotAllowed(_why_not(claim, extent, refusal)) from None


def _check_size(claim: Claim, extent: Extent) -> None:
    # The size of a render was in its request, and the plan of that day allowed it.
    if claim.kind == Kind.RENDER or not extent.width or not extent.height:
        return
    keeps_its_size = claim.task_type != TaskType.SUPER_RESOLUTION
    if keeps_its_size and not extent.duration_s:
        return
    try:
        plans.check_output_size(claim.workspace.plan, extent.width, extent.height)
    except plans.PlanExceeded as exceeded:
        raise NotAllowed(str(exceeded)) from None


@transaction.atomic
def _reserve(claim: Claim, extent: Extent) -> None:
    # The job's row is held meanwhile: a job that has ended must not reserve again.
    if not Job.objects.select_for_update(no_key=True).filter(claim.where, id=claim.job_id).exists():
        return
    reservations.resize(workspace_id=claim.workspace_id, job_id=claim.job_id, output_s=ledger_s(extent.duration_s))


def _why_not(claim: Claim, extent: Extent, refusal: Unaffordable) -> str:
    what = "film" if claim.kind == Kind.RENDER else "result"
    return (
        f"The {what} would be {extent.duration_s:.2f} s long; {refusal.left_s:.2f} s are left on the "
        f"{refusal.allowance.plan} plan until {refusal.allowance.month.end:%Y-%m-%d}."
    )
