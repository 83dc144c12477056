"""One worker's attempt at a job, from claim to outcome.

Everything here is conditional on the attempt's number: once the lease has gone to somebody else, nothing has an effect.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from apps.billing.selectors import ledger_s
from apps.billing.services import record_usage
from apps.jobs import plans, timing
from apps.jobs.models import Job, Stage, Status
from apps.jobs.services import fairness
from apps.jobs.services.transitions import announce, cancel_if_asked, end, requeue, wake_another
from apps.jobs.services.waiting import may_start, postpone, runs_alone
from apps.workspaces.models import Workspace
from framelane.lib import clock

# Causes on our side, which another attempt may not meet again.
RETRIED = frozenset({"internal", "gpu_error", "upload_failed", "provider_error"})
MOST_LOOKS = 100
"""How many jobs that are not ready one hint may come across; each of them is set aside, and had a hint of its own."""
_STAGES: tuple[str, ...] = tuple(Stage.values)


class Standing(Enum):
    """What a worker learns about its claim."""

    HELD = "held"
    CANCEL = "cancel"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a job until the lease ends. `request` is what the client sent.

    `copies` names the assets that foreign sources have become.
    """

    job_id: str
    attempt: int
    workspace: Workspace
    kind: str
    task_type: str
    request: dict[str, Any]
    deadline: datetime
    copies: dict[str, str] = field(default_factory=dict)

    @property
    def workspace_id(self) -> str:
        return self.workspace.id

    @property
    def folder(self) -> str:
        """The folder of the store that this attempt writes to, and no other."""
        return self.folder_of(self.attempt)

    def folder_of(self, attempt: int) -> str:
        return f"{self.workspace.id}/{self.kind}s/{self.job_id}/attempt-{attempt}/"

    @property
    def marked(self) -> bool:
        """Whether the film is to carry the free plan's watermark."""
        return plans.is_marked(self.workspace.plan)

    @property
    def where(self) -> Q:
        return Q(status=Status.PROCESSING, attempt=self.attempt)


@dataclass(frozen=True, slots=True)
class Output:
    """What an attempt has stored: the file under `key`, and perhaps others in the same folder.

    `duration_s` is None for what has no length.
    """

    key: str
    size_bytes: int
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    warnings: list[dict[str, Any]] = field(default_factory=list)


def claim(job_id: str, *, worker: str) -> Claim | None:
    """Start an attempt at the job whose turn it is in the queue of the hinted one; None when no job may start.

    A hint is worth one start, whichever job it names: as many hints are sent as jobs are queued.
    """
    queue = Job.objects.filter(id=job_id).values_list("queue", flat=True).first()
    if queue is None:
        return None
    for _ in range(MOST_LOOKS):
        if not fairness.has_startable(queue):
            return None
        is_over, held = _claim_next(queue, worker)
        if is_over:
            return held
    return None


@transaction.atomic
def _claim_next(queue: str, worker: str) -> tuple[bool, Claim | None]:
    """Whether the search is over, and what it has found. A job that turns out not to be ready is set aside."""
    turn = fairness.next_turn(queue)
    if turn is None:
        return True, None
    held = _start(turn.job, worker) if may_start(turn.job) else None
    if held is None:
        return False, None
    turn.charge()
    return True, held


def _start(job: Job, worker: str) -> Claim | None:
    alone = runs_alone(job)
    try:
        if not _take(job, worker, alone):
            return None
    except IntegrityError:
        # Another exclusive job of this workspace was faster; its end wakes this one.
        postpone(job)
        return None
    is_first, was_alone = job.started_at is None, job.exclusive
    job.refresh_from_db()
    if is_first:
        announce(job, "processing")
    if was_alone and not alone:
        # The plan has become a better one: the hints of those that had to wait are long gone.
        wake_another(job)
    return Claim(job.id, job.attempt, job.workspace, job.kind, job.task_type, job.request, job.deadline, job.copies)


@transaction.atomic
def _take(job: Job, worker: str, alone: bool) -> int:
    """1, or 0 when the job was taken, cancelled or given up meanwhile. Raises IntegrityError for a second alone."""
    now = clock.now()
    return Job.objects.filter(id=job.id, status=Status.QUEUED, deadline__gt=now).update(
        status=Status.PROCESSING,
        attempt=F("attempt") + 1,
        lease_until=timing.lease_end(),
        worker=worker,
        exclusive=alone,
        due_at=None,
        stages=[],
        started_at=Coalesce(F("started_at"), now),
        updated_at=now,
    )


def heartbeat(claim: Claim) -> Standing:
    """Extend the lease."""
    Job.objects.filter(claim.where, id=claim.job_id).update(lease_until=timing.lease_end())
    return look(claim)


def look(claim: Claim) -> Standing:
    """How the claim stands, without extending it."""
    row = Job.objects.filter(claim.where, id=claim.job_id).values_list("cancel_requested", flat=True).first()
    if row is None:
        return Standing.LOST
    return Standing.CANCEL if row else Standing.HELD


@transaction.atomic
def report(claim: Claim, *, percent: int, stage: str, publish: bool = False) -> bool:
    """Note progress unless the job has been further along already; `publish` also records an event of it."""
    earlier = ("", *_STAGES[: _STAGES.index(stage) + 1])
    moved = Job.objects.filter(
        claim.where, id=claim.job_id, progress_percent__lte=percent, progress_stage__in=earlier
    ).update(progress_percent=percent, progress_stage=stage)
    if moved and publish:
        announce(Job.objects.get(id=claim.job_id), "progress")
    return bool(moved)


def note_stages(claim: Claim, entered: Mapping[str, datetime]) -> bool:
    """Write down which stages the attempt has entered so far, and when."""
    stages = [{"stage": stage, "at": at.isoformat()} for stage, at in entered.items()]
    return bool(Job.objects.filter(claim.where, id=claim.job_id).update(stages=stages))


@transaction.atomic
def complete(claim: Claim, output: Output) -> bool:
    """Finish the job, with its usage record and its event. False when the claim is lost or to be cancelled."""
    job = end(
        claim.job_id,
        claim.where & Q(cancel_requested=False),
        Status.COMPLETED,
        progress_percent=100,
        progress_stage=Stage.UPLOADING,
        output_key=output.key,
        output_width=output.width,
        output_height=output.height,
        output_duration_s=output.duration_s,
        output_bytes=output.size_bytes,
        output_expires_at=timing.output_expiry(),
        warnings=_merged_warnings(claim, output),
    )
    if job is None:
        return False
    record_usage(
        workspace_id=job.workspace_id,
        job_id=job.id,
        kind=job.task_type or job.kind,
        output_s=ledger_s(output.duration_s or 0),
    )
    return True


def _merged_warnings(claim: Claim, output: Output) -> list[dict[str, Any]]:
    """Those of the submission, then what only the work itself could find; it repeats the former without their paths."""
    known = Job.objects.filter(id=claim.job_id).values_list("warnings", flat=True).first() or []
    told = {(warning["code"], warning["message"]) for warning in known}
    return known + [warning for warning in output.warnings if (warning["code"], warning["message"]) not in told]


def fail(claim: Claim, *, code: str, message: str, is_final: bool = False) -> Job | None:
    """End the job as failed, or try again later when the cause is ours, not final, and attempts are left."""
    spent = _spent_attempts(claim)
    if code in RETRIED and not is_final and spent < settings.FRAMELANE_JOB_MAX_ATTEMPTS:
        job = requeue(claim.job_id, claim.where, due_at=timing.retry(spent))
    else:
        where = claim.where & Q(cancel_requested=False)
        job = end(claim.job_id, where, Status.FAILED, error_code=code, error_message=message)
    return job or cancel_if_asked(claim.job_id, claim.where)


def _spent_attempts(claim: Claim) -> int:
    released = Job.objects.filter(id=claim.job_id).values_list("released", flat=True).first()
    return claim.attempt - (released or 0)


def release(claim: Claim) -> Job | None:
    """Give the job back unfinished, because this worker is to stop. It costs the job no attempt."""
    given_back = requeue(claim.job_id, claim.where, released=F("released") + 1)
    return given_back or cancel_if_asked(claim.job_id, claim.where)


def confirm_cancel(claim: Claim) -> Job | None:
    """The work has stopped and left nothing behind."""
    return cancel_if_asked(claim.job_id, claim.where)
