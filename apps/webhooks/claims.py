"""Which attempt is sent next: of a line the oldest that is due, that nobody is sending, and that may overtake."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.webhooks import schedule
from apps.webhooks.models import Attempt, Endpoint, Status
from apps.webhooks.targets import Target, hint_target
from framelane.lib import clock

MAX_IN_FLIGHT = 4
"""Calls to one line at a time."""

MAX_IN_FLIGHT_WHILE_FAILING = 1
MAX_IN_FLIGHT_OF_WORKSPACE = 8
SWEEP_SIZE = 2000


@transaction.atomic
def claim_next(target: Target) -> Attempt | None:
    """The next attempt of the line, kept for its sender until the lease ends; None when there is nothing to do now."""
    try:
        endpoint = target.lock()
    except Endpoint.DoesNotExist:
        return None
    if _in_flight(target.pending()) >= _most_at_once(endpoint) or _workspace_is_busy(target):
        return None
    attempt = claimable(target).select_related("message", "endpoint").first()
    return _take(attempt) if attempt is not None else None


def claimable(target: Target) -> QuerySet[Attempt]:
    """What of the line may be sent now, the oldest first."""
    now = clock.now()
    unclaimed = Q(lease_until=None) | Q(lease_until__lte=now)
    due = target.pending().filter(unclaimed, due_at__lte=now, workspace__erasure_requested_at=None)
    return due.exclude(_waits_for_earlier(target)).order_by("due_at", "message_id", "id")


def _waits_for_earlier(target: Target) -> Q:
    """A job's later event does not overtake an earlier one, until that has failed too often to be waited for."""
    earlier = target.pending().filter(
        job_id=OuterRef("job_id"),
        message_id__lt=OuterRef("message_id"),
        number__lte=schedule.ORDERED_ATTEMPTS,
        by_hand=False,
    )
    return Q(Exists(earlier), by_hand=False) & ~Q(job_id="")


def _in_flight(attempts: QuerySet[Attempt]) -> int:
    return attempts.filter(lease_until__gt=clock.now()).count()


def _most_at_once(endpoint: Endpoint | None) -> int:
    is_failing = endpoint is not None and endpoint.failing_since is not None
    return MAX_IN_FLIGHT_WHILE_FAILING if is_failing else MAX_IN_FLIGHT


def _workspace_is_busy(target: Target) -> bool:
    """Many slow endpoints of one workspace must leave senders for the others."""
    pending = Attempt.objects.filter(workspace_id=target.workspace_id, status=Status.PENDING)
    return _in_flight(pending) >= MAX_IN_FLIGHT_OF_WORKSPACE


def _take(attempt: Attempt) -> Attempt | None:
    """The attempt with its new lease; None when somebody else was faster."""
    taken = Attempt.objects.filter(id=attempt.id, status=Status.PENDING, claims=attempt.claims).update(
        lease_until=schedule.lease_end(), claims=F("claims") + 1
    )
    attempt.claims += 1
    return attempt if taken else None


def hint_due() -> int:
    """Hint at every line that holds something due; how many. Finds what no hint, or no sender, is left for."""
    now = clock.now()
    due = Attempt.objects.filter(status=Status.PENDING, due_at__lte=now)
    unclaimed = due.filter(Q(lease_until=None) | Q(lease_until__lte=now))
    lines = unclaimed.order_by().values_list("workspace_id", "endpoint_id").distinct()[:SWEEP_SIZE]
    for line in lines:
        hint_target(Target(*line))
    return len(lines)
