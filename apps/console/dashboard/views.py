"""How the workspace stands: its minutes, its jobs, and what to do next."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse

from apps.billing.quota import require_writable
from apps.billing.selectors import allowance_of
from apps.console.dashboard.checklist import steps_for
from apps.console.jobs.rows import table_of
from apps.console.minutes import MinutesUsed
from apps.console.pages import page, show
from apps.console.sign_in.first_key import take_new_key
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
        "new_key": take_new_key(request),
        "public_url": settings.FRAMELANE_PUBLIC_URL,
        "why_read_only": _why_read_only(workspace),
        **_minutes(workspace),
    }
    return show(request, "console/dashboard.html", facts)


def _minutes(workspace: Workspace) -> dict[str, Any]:
    """The month's minutes, and how much of them is used without what is only reserved, in percent."""
    minutes = MinutesUsed.of(allowance_of(workspace))
    used = min(1.0, minutes.used / minutes.included) if minutes.included else minutes.share
    return {"minutes": minutes, "used_percent": f"{100 * used:.2f}", "taken_percent": f"{100 * minutes.share:.2f}"}


def _why_read_only(workspace: Workspace) -> str:
    """Why nothing can be made here, "" where it can."""
    try:
        require_writable(workspace)
    except ApiError as reason:
        return reason.message
    return ""
