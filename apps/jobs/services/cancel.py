"""Cancelling on a client's behalf."""

from django.db.models import Q

from apps.jobs.models import WAITING, Job, Status
from apps.jobs.services.transitions import end


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
