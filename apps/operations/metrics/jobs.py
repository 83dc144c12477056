"""What the database tells of jobs and queues, in two queries."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import get_args

from django.db.models import Count, Min
from prometheus_client.core import Metric

from apps.jobs.models import Job, Kind, Stage, Status
from apps.jobs.services.counting import PROCESSING_BOUNDS_S, SPEED_BOUNDS, WAIT_BOUNDS_S
from apps.jobs.services.submit import RENDER_QUEUE, TASK_QUEUES
from apps.operations.metrics.families import counter, gauge, histogram
from apps.tallies.selectors import Sums
from framelane.lib import clock
from gpu_tasks.errors import JobErrorCode

KIND = ("kind",)
JOB_QUEUES = (RENDER_QUEUE, *TASK_QUEUES.values())
KINDS = (Kind.RENDER.value, *TASK_QUEUES)
# From the beginning: of a counter that first appears as 1, Prometheus sees no increase.
_NO_ENDS: dict[tuple[str, ...], int] = {
    (kind, outcome, ""): 0 for kind in KINDS for outcome in (Status.COMPLETED.value, Status.CANCELLED.value)
}
_NO_ENDS |= {(kind, Status.FAILED.value, code): 0 for kind in KINDS for code in get_args(JobErrorCode)}


@dataclass(slots=True)
class OpenJobs:
    """Jobs that have not ended, counted. `ready` may be claimed by any worker that is free; `held` wait by themselves,
    for an upload or a while. `oldest_s` is for how long the first of the ready ones has been in its queue.
    """

    by_status: Counter[tuple[str, ...]] = field(default_factory=Counter)
    by_stage: Counter[tuple[str, ...]] = field(default_factory=Counter)
    queued: Counter[tuple[str, ...]] = field(default_factory=Counter)
    oldest_s: dict[tuple[str, ...], float] = field(default_factory=dict)


def open_jobs() -> OpenJobs:
    """One query, through the index of jobs that have not ended."""
    found, now = OpenJobs(), clock.now()
    for queue in JOB_QUEUES:
        found.queued[queue, "ready"] = found.queued[queue, "held"] = 0
        found.oldest_s[(queue,)] = 0.0
    groups = Job.objects.filter(completed_at=None).values(
        "kind", "task_type", "status", "queue", "held", "progress_stage"
    )
    for row in groups.annotate(jobs=Count("id"), since=Min("updated_at")):
        kind, queue = row["task_type"] or row["kind"], row["queue"]
        found.by_status[kind, row["status"]] += row["jobs"]
        if row["status"] == Status.PROCESSING:
            found.by_stage[kind, row["progress_stage"] or "starting"] += row["jobs"]
        elif row["status"] == Status.QUEUED:
            found.queued[queue, "held" if row["held"] else "ready"] += row["jobs"]
            if not row["held"]:
                age_s = max(0.0, (now - row["since"]).total_seconds())
                found.oldest_s[(queue,)] = max(age_s, found.oldest_s.get((queue,), 0.0))
    return found


def of_open_jobs() -> Iterator[Metric]:
    found = open_jobs()
    yield gauge("framelane_jobs", "Jobs that have not ended.", ("kind", "status"), found.by_status)
    stages = f"Jobs being worked on, by stage: starting, {', '.join(Stage.values)}."
    yield gauge("framelane_jobs_by_stage", stages, ("kind", "stage"), found.by_stage)
    queued = "Queued jobs: ready for a worker, or held back for an upload or a while."
    yield gauge("framelane_queue_jobs", queued, ("queue", "state"), found.queued)
    oldest = "For how long the oldest ready job has been in its queue."
    yield gauge("framelane_queue_oldest_seconds", oldest, ("queue",), found.oldest_s)


def of_ended_jobs(sums: Sums) -> Iterator[Metric]:
    """`sums` are the installation's counters."""
    ended = "Jobs that have ended; `code` says why one failed."
    yield counter("framelane_jobs_ended", ended, ("kind", "outcome", "code"), _NO_ENDS | sums.get("jobs_ended", {}))
    attempts = "Attempts that ended jobs had taken."
    yield counter("framelane_job_attempts", attempts, KIND, sums.get("job_attempts", {}))
    expiries = "Jobs whose worker was not heard of for a whole lease."
    none: dict[tuple[str, ...], int] = {(kind,): 0 for kind in KINDS}
    yield counter("framelane_job_lease_expiries", expiries, KIND, none | sums.get("lease_expiries", {}))
    made = "Seconds of output that have been made and charged."
    yield counter("framelane_output_seconds", made, KIND, sums.get("output_ms", {}), scale=0.001)
    wait = "From the submission of a job to its first attempt."
    yield histogram("framelane_job_wait_seconds", wait, KIND, "job_wait", sums, WAIT_BOUNDS_S)
    work = "The last attempt at a job that was completed."
    yield histogram("framelane_job_processing_seconds", work, KIND, "job_processing", sums, PROCESSING_BOUNDS_S)
    speed = "Seconds of output for each second of work, of completed jobs."
    yield histogram("framelane_job_speed_ratio", speed, KIND, "job_speed", sums, SPEED_BOUNDS)
