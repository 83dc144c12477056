"""What the staff may do to jobs: stop them, send them on their way again, and submit them anew."""

from typing import Any

from django.http import HttpRequest

from apps.jobs.models import Job, Kind, Status
from apps.jobs.plans import PlanExceeded
from apps.jobs.services.cancel import AlreadyEnded, cancel
from apps.jobs.services.submit import create_render, create_task
from apps.jobs.services.sweep import recover_now
from apps.jobs.services.transitions import hint_now
from framelane.api.errors import ApiError
from framelane.api.staff_acts import Act, ActRefused, Changes, Confirmation, Reasoned, offer
from gpu_tasks.timeline.lint import InvalidRequest


def submit_again(job: Job) -> Job:
    """A new job of the same workspace with the same request. It counts against the plan as any other.

    Raises what submitting raises: InvalidRequest, PlanExceeded, ApiError 402.
    """
    if job.kind == Kind.RENDER:
        return create_render(workspace=job.workspace, payload=job.request)
    return create_task(workspace=job.workspace, task_type=job.task_type, payload=job.request)


def _cancel(request: HttpRequest, job: Job, answers: dict[str, Any]) -> Changes:
    cancel(job)
    return None


def _requeue(request: HttpRequest, job: Job, answers: dict[str, Any]) -> Changes:
    moved = recover_now(job) is not None if job.status == Status.PROCESSING else hint_now(job)
    if not moved:
        raise ActRefused("it has moved on meanwhile.")
    return None


def _again(request: HttpRequest, job: Job, answers: dict[str, Any]) -> Changes:
    if job.workspace.erasure_requested_at is not None:
        raise ActRefused("its workspace is being erased.")
    return {"submitted": submit_again(job).id}


offer(
    Job,
    Act(
        name="cancel_jobs",
        label="Cancel",
        action="job.cancel",
        permission="jobs.change_job",
        question="Waiting jobs end at once, running ones within seconds. Their owners see them as cancelled.",
        run=_cancel,
        form=Reasoned,
        can=lambda job: not job.is_terminal,
        watched=("status", "cancel_requested"),
        refusals=(AlreadyEnded,),
        is_dangerous=True,
        done="asked to stop",
    ),
    Act(
        name="requeue_jobs",
        label="Requeue",
        action="job.requeue",
        permission="jobs.change_job",
        question="Queued jobs are offered to the workers again. Running ones are taken from their worker, and start "
        "anew as another attempt.",
        run=_requeue,
        form=Confirmation,
        can=lambda job: job.status in (Status.QUEUED, Status.PROCESSING),
        watched=("status", "attempt", "released"),
        done="sent to the workers again",
    ),
    Act(
        name="submit_again",
        label="Submit again as a new job",
        action="job.submit_again",
        permission="jobs.change_job",
        question="A new job with the same request is queued for the same workspace. It counts against the plan, and "
        "its events go to the same receivers.",
        run=_again,
        can=lambda job: job.status in (Status.FAILED, Status.CANCELLED),
        refusals=(InvalidRequest, PlanExceeded, ApiError),
        done="submitted again",
    ),
)
