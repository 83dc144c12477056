"""Renders that are made from the playground, under the rules of the API."""

from apps.console.pages import Refused
from apps.jobs import selectors
from apps.jobs.models import Job, Kind
from apps.jobs.plans import PlanExceeded
from apps.jobs.services.submit import create_render
from apps.workspaces.models import Workspace
from framelane.api import parsing
from framelane.api.errors import plan_limit, validation_error
from framelane.api.idempotency import Scope, fingerprint, once
from framelane.api.throttling import guard, rate_limited
from framelane.lib.rate_limit import Limit
from gpu_tasks.timeline.lint import InvalidRequest

CHECKS_PER_MINUTE = 240
"""How often the texts of a workspace may be checked; the editor of one person asks for far fewer."""
MAX_TOKEN_LENGTH = 64


def submit(workspace: Workspace, raw: bytes, token: str) -> Job:
    """Make a render as `POST /v1/renders` does. The same text with the same `token` makes one.

    Raises ApiError: 400, 402, 403, 422.
    """
    payload = parsing.loads(raw)

    def create() -> Job:
        try:
            return create_render(workspace=workspace, payload=payload)
        except InvalidRequest as invalid:
            raise validation_error(invalid.problems, invalid.code) from None
        except PlanExceeded as exceeded:
            raise plan_limit(str(exceeded)) from None

    mark = fingerprint(payload)
    # A form that was edited and sent again is another one, hence the text is part of the key.
    scope = Scope(workspace.id, "POST", "/console/playground", f"{token[:MAX_TOKEN_LENGTH]}:{mark}", mark)
    return once(scope, create, lambda job_id: render_of(workspace, job_id))[0]


def count_check(workspace: Workspace) -> None:
    """Raises ApiError 429 where texts are checked faster than people write."""
    verdict = guard().hit(f"console-check:{workspace.id}", Limit(CHECKS_PER_MINUTE))
    if not verdict.allowed:
        raise rate_limited(verdict)


def render_of(workspace: Workspace, job_id: str) -> Job:
    """A render of the workspace. Raises Refused 404."""
    job = selectors.find_job(workspace, Kind.RENDER, job_id)
    if job is None:
        raise Refused(404, "There is no such render in this workspace.")
    return job
