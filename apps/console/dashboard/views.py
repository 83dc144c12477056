"""How the workspace stands: its minutes, its jobs, and what to do next."""

from typing import Final

from django.conf import settings
from django.http import HttpResponse

from apps.billing.quota import require_writable
from apps.billing.selectors import allowance_of
from apps.console import secrets
from apps.console.dashboard.checklist import steps_for
from apps.console.jobs.rows import table_of
from apps.console.minutes import MinutesUsed
from apps.console.pages import page, show
from apps.console.visitor import Page
from apps.jobs.activity import activity_of
from apps.jobs.listing import Wanted, list_jobs
from apps.workspaces.models import Workspace
from framelane.api.errors import ApiError

RECENT: Final = 8


@page("workspace:read")
def dashboard(request: Page) -> HttpResponse:
    """The first page after signing in."""
    workspace = request.visitor.workspace
    activity = activity_of(workspace)
    facts = {
        "activity": activity,
        **table_of(workspace, list_jobs(workspace, Wanted(), limit=RECENT).rows),
        "steps": steps_for(workspace, activity),
        "new_key": secrets.take(request, secrets.FIRST_KEY),
        "public_url": settings.FRAMELANE_PUBLIC_URL,
        "why_read_only": _why_read_only(workspace),
        "month": MinutesUsed.of(allowance_of(workspace)),
    }
    return show(request, "console/dashboard.html", facts)


def _why_read_only(workspace: Workspace) -> str:
    """Why nothing can be made here, "" where it can."""
    try:
        require_writable(workspace)
    except ApiError as reason:
        return reason.message
    return ""
