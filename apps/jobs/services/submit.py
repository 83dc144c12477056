"""New jobs."""

from typing import Any

from django.db import transaction

from apps.jobs import plans, timing
from apps.jobs.models import Job, Kind
from apps.jobs.services.transitions import announce, send_hint
from apps.workspaces.models import Workspace
from framelane.lib import ids
from gpu_tasks.timeline.lint import lint, parse_render
from gpu_tasks.timeline.request import RenderRequest

RENDER_QUEUE = "render"


@transaction.atomic
def create_render(*, workspace: Workspace, payload: Any) -> Job:
    """Validate a request and queue it. Raises InvalidRequest, PlanExceeded."""
    request = parse_render(payload)
    plans.check_output_size(workspace.plan, *request.size)
    job = Job.objects.create(
        id=ids.new_id("render"),
        workspace=workspace,
        kind=Kind.RENDER,
        # What the client set, no more: defaults may change, and unknown fields are ignored.
        request=request.model_dump(mode="json", exclude_unset=True),
        metadata=request.metadata,
        warnings=_warnings(request),
        queue=RENDER_QUEUE,
        exclusive=plans.renders_alone(workspace.plan),
        deadline=timing.deadline(),
        due_at=timing.next_hint(1),
        hints=1,
    )
    announce(job, "queued")
    send_hint(job)
    return job


def _warnings(request: RenderRequest) -> list[dict[str, str]]:
    return [
        {"code": finding.code, "message": finding.message, "path": finding.path}
        for finding in lint(request)
        if finding.severity == "warning"
    ]
