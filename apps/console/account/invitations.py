"""What somebody is invited to: seen by their proven address, also by those who have no workspace yet."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.account.invitations import InvitationRefused
from apps.account.invitations import accept as take_up
from apps.account.invitations import decline as turn_down
from apps.console.pages import Refused, refused, show
from apps.console.visitor import WORKSPACE_KEY
from apps.workspaces.selectors import invitations_for


@never_cache
@login_required
@require_GET
def invitations(request: HttpRequest) -> HttpResponse:
    """The open ones."""
    return show(request, "console/account/invitations.html", {"invitations": invitations_for(_person(request))})


@login_required
@require_POST
def accept(request: HttpRequest, invitation_id: str) -> HttpResponse:
    """Join, and go there."""
    try:
        membership = take_up(user=_person(request), invitation_id=_bounded(invitation_id))
    except InvitationRefused as reason:
        return refused(request, Refused(404, str(reason)))
    request.session[WORKSPACE_KEY] = membership.workspace_id
    messages.success(request, f"You have joined {membership.workspace.name}.")
    return redirect("console:dashboard")


@login_required
@require_POST
def decline(request: HttpRequest, invitation_id: str) -> HttpResponse:
    try:
        turn_down(user=_person(request), invitation_id=_bounded(invitation_id))
    except InvitationRefused as reason:
        return refused(request, Refused(404, str(reason)))
    messages.success(request, "The invitation is declined.")
    return redirect("console:invitations")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _bounded(invitation_id: str) -> str:
    """PostgreSQL refuses to look for text with a NUL."""
    return invitation_id[:64] if invitation_id.isprintable() else ""
