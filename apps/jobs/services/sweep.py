"""What happens to jobs by the passing of time. Safe to run anywhere, any number of times at once."""

import logging
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from apps.billing import reservations
from apps.jobs.models import ACTIVE, Job, Status
from apps.jobs.services import fairness, ingesting
from apps.jobs.services.counting import count_lost_lease
from apps.jobs.services.transitions import cancel_if_asked, end, hint_again, requeue
from apps.uploads.holders import forget, user_of
from framelane.lib import clock, storage

log = logging.getLogger(__name__)

BATCH_SIZE = 500


def sweep() -> dict[str, int]:
    """Look once at every clock of every job; how many jobs each of them moved."""
    return {
        "overdue": _each(_overdue(), _fail_overdue),
        "lost": _each(_lost(), _recover),
        "due": _each(_due(), hint_again),
        "ingesting": _each(_ingesting(), ingesting.advance),
        "expired": _each(expired_outputs(), delete_output),
        "unclaimed": _free_orphans(),
        "idle": fairness.forget_idle(),
    }


def _free_orphans() -> int:
    """Reservations of jobs that have ended or are no longer there, whoever forgot to give them back."""
    return reservations.release_all_but(Job.objects.filter(completed_at=None).values("id"))


def _each(jobs: Iterable[Job], act: Callable[[Job], object]) -> int:
    return sum(bool(act(job)) for job in jobs)


def _overdue() -> QuerySet[Job]:
    return Job.objects.filter(completed_at=None, deadline__lt=clock.now()).order_by("deadline")[:BATCH_SIZE]


def _fail_overdue(job: Job) -> Job | None:
    message = f"The job did not finish within {settings.FRAMELANE_JOB_DEADLINE_S} seconds of its submission."
    where = Q(status__in=ACTIVE, attempt=job.attempt)
    failed = end(job.id, where & Q(cancel_requested=False), Status.FAILED, error_code="timeout", error_message=message)
    return failed or cancel_if_asked(job.id, where)


def _lost() -> QuerySet[Job]:
    return Job.objects.filter(status=Status.PROCESSING, lease_until__lt=clock.now()).order_by("lease_until")[
        :BATCH_SIZE
    ]


@transaction.atomic
def _recover(job: Job) -> Job | None:
    """The worker has not been heard of for a whole lease: it is dead, or as good as dead."""
    log.warning("%s: worker %s vanished during attempt %d", job.id, job.worker, job.attempt)
    where = Q(status=Status.PROCESSING, attempt=job.attempt, lease_until__lt=clock.now())
    deaths = job.worker_deaths + 1
    if _is_exhausted(job, deaths):
        message = (
            f"The worker was lost {deaths} times while it ran this job, which was tried {job.spent_attempts} times."
        )
        moved = end(
            job.id,
            where & Q(cancel_requested=False),
            Status.FAILED,
            error_code="internal",
            error_message=message,
            worker_deaths=deaths,
        )
    else:
        moved = requeue(job.id, where, worker_deaths=F("worker_deaths") + 1)
    moved = moved or cancel_if_asked(job.id, where)
    if moved is not None:
        count_lost_lease(job)
    return moved


def recover_now(job: Job) -> Job | None:
    """Take a running job away from its worker and queue it again, without waiting for the end of its lease."""
    where = Q(status=Status.PROCESSING, attempt=job.attempt)
    return requeue(job.id, where, released=F("released") + 1) or cancel_if_asked(job.id, where)


def _is_exhausted(job: Job, deaths: int) -> bool:
    """A job that takes its worker down every time is given up earlier than one that merely failed."""
    kills_workers = deaths >= settings.FRAMELANE_JOB_MAX_WORKER_DEATHS and deaths == job.spent_attempts
    return kills_workers or job.spent_attempts >= settings.FRAMELANE_JOB_MAX_ATTEMPTS


def _ingesting() -> QuerySet[Job]:
    """Jobs that wait for copies, and of one of which nobody may have told them."""
    return Job.objects.filter(status=Status.INGESTING, due_at__lte=clock.now()).order_by("due_at")[:BATCH_SIZE]


def _due() -> QuerySet[Job]:
    return Job.objects.filter(status=Status.QUEUED, due_at__lte=clock.now()).order_by("due_at")[:BATCH_SIZE]


def expired_outputs() -> QuerySet[Job]:
    """The jobs whose outputs are past their retention, the oldest first."""
    past = Job.objects.filter(output_expires_at__lt=clock.now(), output_gone_at__isnull=True)
    return past.order_by("output_expires_at")[:BATCH_SIZE]


def delete_output(job: Job) -> int:
    """First the files, then the note: a crash in between only means to delete nothing once more.

    An output that another job is still reading stays until that has ended.
    """
    if user_of(job.workspace_id, job.output_key, None) is not None:
        return 0
    forget(job.workspace_id, job.id)
    # The folder is that of one attempt; what lies beside the output goes with it.
    storage.get_store().delete_prefix(f"{PurePosixPath(job.output_key).parent}/")
    return Job.objects.filter(id=job.id, output_gone_at__isnull=True).update(output_gone_at=clock.now())
