"""What a job that has ended adds to the counters of the installation, see docs/decisions/0015-metrics.md."""

from datetime import datetime
from typing import Final

from apps.billing.selectors import ledger_s
from apps.jobs.models import Job, Status
from apps.tallies.services import Count, count, observed

WAIT_BOUNDS_S: Final = (1, 5, 15, 60, 300, 900, 3600, 14_400)
PROCESSING_BOUNDS_S: Final = (1, 2, 5, 10, 30, 60, 180, 600, 1800, 7200)
SPEED_BOUNDS: Final = (0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32)
"""Seconds of output for each second of work."""


def count_end(job: Job) -> None:
    """Count a job that has just ended, in the transaction that ends it."""
    what = (job.task_type or job.kind,)
    counts = [Count("jobs_ended", (*what, job.status, job.error_code)), Count("job_attempts", what, job.spent_attempts)]
    if job.started_at is not None:
        wait_s = max(0.0, (job.started_at - job.created_at).total_seconds())
        counts += observed("job_wait", what, wait_s, WAIT_BOUNDS_S)
    if job.status == Status.COMPLETED:
        counts += _of_work(job, what)
    count(*counts)


def count_lost_lease(job: Job) -> None:
    """Count that the worker of a job has not been heard of for a whole lease."""
    count(Count("lease_expiries", (job.task_type or job.kind,)))


def _of_work(job: Job, what: tuple[str]) -> list[Count]:
    """What it made and how long its last attempt took."""
    output_s, processing_s = float(ledger_s(job.output_duration_s or 0)), _processing_s(job)
    counts = [Count("output_ms", what, round(1000 * output_s))]
    counts += observed("job_processing", what, processing_s, PROCESSING_BOUNDS_S)
    # Nothing that has no length has a speed.
    if output_s > 0 and processing_s > 0:
        counts += observed("job_speed", what, output_s / processing_s, SPEED_BOUNDS)
    return counts


def _processing_s(job: Job) -> float:
    began = datetime.fromisoformat(job.stages[0]["at"]) if job.stages else job.started_at
    if began is None or job.completed_at is None:
        return 0.0
    return max(0.0, (job.completed_at - began).total_seconds())
