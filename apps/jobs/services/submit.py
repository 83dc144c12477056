"""New jobs."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.billing.reservations import reserve
from apps.capabilities.tasks import missing_for
from apps.jobs import lengths, plans, timing
from apps.jobs.models import Job, Kind
from apps.jobs.receivers import receiver_of
from apps.jobs.services import ingesting
from apps.jobs.services.transitions import announce, send_hint
from apps.uploads.assets.services import note_use
from apps.workspaces.models import Workspace
from framelane.lib import ids
from gpu_tasks.timeline.font_names import wanted_families
from gpu_tasks.timeline.lint import InvalidRequest, Violation, lint, parse_render
from gpu_tasks.timeline.problems import Problem
from gpu_tasks.timeline.request import Model, RenderRequest
from gpu_tasks.timeline.tasks import lint_task, parse_task

RENDER_QUEUE = "render"
TASK_QUEUES = {
    "super_resolution": "task.super_resolution",
    "remove_background": "task.background_removal",
    "gaze_redirect": "task.gaze",
    "transcribe": "task.transcribe",
}


def accept_render(*, workspace: Workspace, payload: Any) -> RenderRequest:
    """A request that could be queued, were there minutes left for it. Raises InvalidRequest, PlanExceeded."""
    request = parse_render(payload)
    plans.check_output_size(workspace.plan, *request.size)
    receiver_of(request.webhook_url)
    return request


@transaction.atomic
def create_render(*, workspace: Workspace, payload: Any) -> Job:
    """Validate a request and queue it. Raises InvalidRequest, PlanExceeded; ApiError 402 when the plan is used up."""
    request = accept_render(workspace=workspace, payload=payload)
    return _queue(
        workspace,
        Kind.RENDER,
        request,
        lint(request),
        reserved_s=lengths.render_length_s(workspace, request),
        queue=RENDER_QUEUE,
        metadata=request.metadata,
        webhook_url=receiver_of(request.webhook_url),
        exclusive=plans.renders_alone(workspace.plan),
    )


@transaction.atomic
def create_task(*, workspace: Workspace, task_type: str, payload: Any) -> Job:
    """Validate the body of a task and queue it.

    Raises InvalidRequest, also for what this installation cannot do; PlanExceeded; ApiError 402 when the plan is used
    up.
    """
    body = parse_task(task_type, payload)
    if missing := missing_for(body):
        raise InvalidRequest(
            "unsupported_feature", [Problem(path, "unsupported_feature", why) for path, why in missing]
        )
    facts = lengths.facts_of(workspace, [body.source_url]).get(body.source_url)
    if (size := lengths.task_size(body, facts)) is not None:
        plans.check_output_size(workspace.plan, *size)
    return _queue(
        workspace,
        Kind.TASK,
        body,
        lint_task(body),
        reserved_s=lengths.task_length_s(body, facts),
        queue=TASK_QUEUES[task_type],
        metadata=body.metadata,
        webhook_url=receiver_of(body.webhook_url),
        task_type=task_type,
    )


def _queue(
    workspace: Workspace, kind: Kind, request: Model, findings: list[Violation], *, reserved_s: Decimal, **fields: Any
) -> Job:
    job_id = ids.new_id(kind.value)
    reserve(workspace_id=workspace.id, job_id=job_id, output_s=reserved_s)
    job = Job.objects.create(
        id=job_id,
        workspace=workspace,
        kind=kind,
        # What the client set, no more: defaults may change, and unknown fields are ignored.
        request=request.model_dump(mode="json", exclude_unset=True),
        warnings=[_warning(finding) for finding in findings if finding.severity == "warning"],
        deadline=timing.deadline(),
        due_at=timing.next_hint(1),
        hints=1,
        **fields,
    )
    _note_sources(job, request)
    copied = ingesting.sources_to_copy(job) if ingesting.is_wanted(getattr(request, "ingest_external", None)) else []
    if copied:
        return ingesting.begin(job, copied)
    announce(job, "queued")
    send_hint(job)
    return job


def _note_sources(job: Job, request: Model) -> None:
    """Remember that the workspace's own assets are in use. `request` is the job's own, parsed."""
    if isinstance(request, RenderRequest):
        note_use(workspace=job.workspace, urls=request.source_urls(), families=wanted_families(request))
    else:
        note_use(workspace=job.workspace, urls=[job.request["source_url"]])


def _warning(finding: Violation) -> dict[str, str]:
    return {"code": finding.code, "message": finding.message, "path": finding.path}
