"""Cancelling on a client's behalf."""

from django.db.models import Q

from apps.jobs.models import WAITING, Job, Status
from apps.jobs.services.transitions import end
from framelane.lib import clock


class AlreadyEnded(Exception):
    """The job is in a terminal state, which never changes; the message says in which."""


def cancel(job: Job) -> Job:
    """End a waiting job at once; ask the worker of a running one to stop, which makes it `cancelled` within seconds.

    Once this has returned the job can only end as cancelled. Raises AlreadyEnded.
    """
    # Between the two looks a worker may claim the job or give it back, so look again before giving up.
    for _ in range(3):
        if (cancelled := end(job.id, Q(status__in=WAITING), Status.CANCELLED)) is not None:
            return cancelled
        if Job.objects.filter(id=job.id, status=Status.PROCESSING).update(cancel_requested=True):
            break
    job.refresh_from_db()
    if job.is_terminal and not job.cancel_requested:
        raise AlreadyEnded(f"{job.id} is already {job.status}.")
    return job


def abandon_all(*, workspace_id: str) -> int:
    """Stop everything that a workspace which is being erased has going, without a word to anybody; how many jobs."""
    now = clock.now()
    jobs = Job.objects.filter(workspace_id=workspace_id)
    waiting = jobs.filter(status__in=WAITING).update(
        status=Status.CANCELLED, completed_at=now, updated_at=now, due_at=None
    )
    return waiting + jobs.filter(status=Status.PROCESSING, cancel_requested=False).update(cancel_requested=True)
