"""What would become of a request. Nothing is made, and nothing is counted but the call."""

from dataclasses import dataclass
from typing import Any

from apps.jobs.plans import PlanExceeded
from apps.jobs.services.submit import accept_render
from apps.workspaces.models import Workspace
from gpu_tasks.timeline.lint import InvalidRequest, Violation, lint, unknown_fields

MAX_UNKNOWN_FIELDS = 200
"""More of them help nobody, and a body has room for a hundred thousand."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is likely a mistake, and what a request would be refused for; None when it would be accepted."""

    warnings: list[Violation]
    refusal: InvalidRequest | PlanExceeded | None = None


def check_render(*, workspace: Workspace, payload: Any) -> Verdict:
    """Look at a request as its creation would, but for the minutes that are left."""
    ignored = unknown_fields(payload, at_most=MAX_UNKNOWN_FIELDS)
    try:
        request = accept_render(workspace=workspace, payload=payload)
    except (InvalidRequest, PlanExceeded) as refusal:
        return Verdict(ignored, refusal)
    return Verdict([*lint(request), *ignored])
