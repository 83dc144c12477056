"""The moves between states, each one conditional UPDATE together with what must become true at the same moment.

Every move names the row and a condition on it. It returns the moved job, or None when somebody else was faster: then
nothing has changed. This alone keeps stale workers, double messages and concurrent sweepers harmless, whatever the
database.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from apps.billing import reservations
from apps.events.hints import hint
from apps.events.services import record
from apps.jobs import timing
from apps.jobs.models import Job, Status
from apps.jobs.schemas import job_out
from apps.jobs.services.counting import count_end
from apps.uploads.imports import copying
from framelane.lib import clock

RUN_JOB = "gpu_tasks.worker.run_job"


def announce(job: Job, what: str) -> None:
    """Record `render.<what>` or `task.<what>` with the job as it is now."""
    snapshot = job_out(job).model_dump(mode="json")
    record(workspace_id=job.workspace_id, type=f"{job.kind}.{what}", data={"job": snapshot})


def send_hint(job: Job) -> None:
    """Tell the workers of the job's queue that it may be claimed."""
    hint(RUN_JOB, job.id, queue=job.queue)


@transaction.atomic
def end(job_id: str, where: Q, status: Status, **changes: Any) -> Job | None:
    """Move a job into a terminal state, tell of it, and let the next exclusive job of the workspace go.

    What it had reserved of the plan's minutes is free again at the same moment.
    """
    now = clock.now()
    moved = Job.objects.filter(where, id=job_id).update(
        status=status, completed_at=now, updated_at=now, lease_until=None, due_at=None, **changes
    )
    if not moved:
        return None
    reservations.release(job_id=job_id)
    copying.withdraw(waiter=job_id)
    job = Job.objects.get(id=job_id)
    announce(job, status.value)
    _wake_next(job)
    count_end(job)
    return job


@transaction.atomic
def requeue(job_id: str, where: Q, *, due_at: datetime | None = None, **changes: Any) -> Job | None:
    """Put a job back into its queue: claimable at once, or set aside until the sweeper hints at it from `due_at` on.

    A job whose cancellation was asked for is never put back.
    """
    moved = Job.objects.filter(where, id=job_id, cancel_requested=False).update(
        status=Status.QUEUED,
        updated_at=clock.now(),
        lease_until=None,
        worker="",
        due_at=due_at or timing.next_hint(1),
        held=due_at is not None,
        hints=1,
        **changes,
    )
    if not moved:
        return None
    job = Job.objects.get(id=job_id)
    if due_at is None:
        send_hint(job)
    _wake_next(job)
    return job


def cancel_if_asked(job_id: str, where: Q) -> Job | None:
    """End a job as cancelled when a client has asked for that."""
    return end(job_id, where & Q(cancel_requested=True), Status.CANCELLED)


def hint_again(job: Job) -> bool:
    """Send the next hint for a queued job that is due. False when another sweeper was faster."""
    due = Job.objects.filter(id=job.id, status=Status.QUEUED, due_at=job.due_at)
    if not due.update(due_at=timing.next_hint(job.hints + 1), hints=F("hints") + 1, held=False):
        return False
    send_hint(job)
    return True


def hint_now(job: Job) -> bool:
    """Send a hint for a queued job whether it is due or not. False when it is not queued."""
    queued = Job.objects.filter(id=job.id, status=Status.QUEUED)
    if not queued.update(due_at=timing.next_hint(1), hints=1, held=False):
        return False
    send_hint(job)
    return True


def _wake_next(ended: Job) -> None:
    if ended.exclusive:
        wake_another(ended)


def wake_another(job: Job) -> None:
    """Hint at the next queued job of the same workspace and kind."""
    waiting = Job.objects.filter(workspace_id=job.workspace_id, kind=job.kind, status=Status.QUEUED)
    following = waiting.exclude(id=job.id).order_by("held", "-priority", "created_at", "id").first()
    if following is not None:
        hint_again(following)
