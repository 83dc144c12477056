"""Somebody from the staff who looks at a workspace as its owner would: for an hour, on the record.

Every beginning and end and every change that was asked for meanwhile is in the audit log. What only an owner should
ever do is refused: `page(..., not_impersonating=True)`.
"""

from datetime import timedelta
from typing import Final

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest

from apps.audit.services import record
from apps.workspaces.models import Workspace
from framelane.lib import clock

IMPERSONATION_KEY: Final = "console.impersonation"
"""In the session of somebody from the staff: `workspace`, the id; `until`, seconds since 1970; `reason`."""
LIFETIME: Final = timedelta(minutes=60)
PERMISSION: Final = "workspaces.change_workspace"
"""What somebody from the staff needs besides: whoever may only look at rows must not act as an owner."""
MAX_REASON: Final = 500


def may_impersonate(user: User | AnonymousUser) -> bool:
    """Whether a person may look at workspaces as their owners do."""
    return bool(user.is_staff and user.is_active and user.has_perm(PERMISSION))


@transaction.atomic
def begin(request: HttpRequest, workspace: Workspace, reason: str) -> None:
    """From now on the console shows this workspace to the person of `request`, who said why in 1 to 500 characters.

    Raises PermissionDenied for people without the right, ValueError for a workspace that is being erased or a reason
    that is missing or too long.
    """
    if not may_impersonate(request.user):
        raise PermissionDenied("impersonation needs the right to change workspaces")
    if not 0 < len(reason := reason.strip()) <= MAX_REASON:
        raise ValueError(f"a reason has 1 to {MAX_REASON} characters, not {len(reason)}")
    if workspace.erasure_requested_at is not None:
        raise ValueError(f"{workspace.id} is being erased")
    end(request)
    until = (clock.now() + LIFETIME).timestamp()
    request.session[IMPERSONATION_KEY] = {"workspace": workspace.id, "until": until, "reason": reason}
    record(request=request, action="impersonation.begin", obj=workspace, reason=reason)


def end(request: HttpRequest, *, cause: str = "ended by hand") -> str | None:
    """Stop impersonating; the id of the workspace, None when there was nothing to end."""
    held = request.session.pop(IMPERSONATION_KEY, None)
    if held is None:
        return None
    changes = {"cause": cause}
    record(
        request=request,
        action="impersonation.end",
        workspace_id=held["workspace"],
        changes=changes,
        reason=held["reason"],
    )
    return str(held["workspace"])


def lapse(request: HttpRequest) -> str | None:
    """End what may go on no longer: its time is over, the right was taken, the workspace is gone. As `end`."""
    if IMPERSONATION_KEY not in request.session or workspace_of(request) is not None:
        return None
    return end(request, cause="no longer possible")


def workspace_of(request: HttpRequest) -> Workspace | None:
    """The workspace that is impersonated, while that may go on."""
    held = request.session.get(IMPERSONATION_KEY)
    if held is None or held["until"] <= clock.now().timestamp() or not may_impersonate(request.user):
        return None
    return Workspace.objects.filter(id=held["workspace"], erasure_requested_at=None).first()


def note(request: HttpRequest, workspace: Workspace) -> None:
    """Put into the audit log that something was asked for in the workspace's name, whatever comes of it."""
    held = request.session[IMPERSONATION_KEY]
    changes = {"method": request.method, "path": request.path}
    record(
        request=request,
        action="impersonation.request",
        workspace_id=workspace.id,
        changes=changes,
        reason=held["reason"],
    )
