"""The people of a workspace: who they are, what they may do, and who is invited."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import redirect

from apps.account import invitations
from apps.console.account.forms import InviteForm, RoleForm
from apps.console.pages import Refused, page, show
from apps.console.rules import count_act, require_verified
from apps.console.visitor import Page
from apps.workspaces import members
from apps.workspaces.selectors import invitations_of, members_of

MAX_USER_ID: Final = 2**31 - 1
"""SQLite cannot even look for a number of more than 64 bits."""


@page("workspace:read")
def people(request: Page) -> HttpResponse:
    """Members and open invitations."""
    return _show(request, InviteForm())


@page("workspace:write", "POST", not_impersonating=True)
def invite(request: Page) -> HttpResponse:
    """Send an invitation by mail."""
    require_verified(request)
    count_act(request)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        invitations.invite(workspace=request.visitor.workspace, inviter=request.user, **form.cleaned_data)
    except invitations.InvitationRefused as reason:
        form.add_error("email", str(reason))
        return _show(request, form, status=422)
    messages.success(request, f"{form.cleaned_data['email']} is invited, and has a mail that says so.")
    return redirect("console:people")


@page("workspace:write", "POST", not_impersonating=True)
def withdraw(request: Page) -> HttpResponse:
    """Take an invitation back."""
    count_act(request)
    invitation_id = request.POST.get("invitation", "")[:64]
    if not (invitation_id.isprintable() and _withdraw(request, invitation_id)):
        raise Refused(404, "That invitation is not open any more.")
    messages.success(request, "The invitation is withdrawn.")
    return redirect("console:people")


@page("workspace:write", "POST", not_impersonating=True)
def change_role(request: Page, user_id: int) -> HttpResponse:
    """Make a member an owner, or the other way round."""
    count_act(request)
    user, form = _member(request, user_id), RoleForm(request.POST)
    if not form.is_valid():
        raise Refused(422, "Choose one of the roles.")
    try:
        members.change_role(workspace=request.visitor.workspace, user=user, role=form.cleaned_data["role"])
    except members.LastOwner:
        raise Refused(409, "A workspace needs an owner. Make somebody else one first.") from None
    messages.success(request, f"{user.email or 'The member'} is {form.cleaned_data['role']} now.")
    return redirect("console:people")


@page("workspace:read", "POST", not_impersonating=True)
def remove(request: Page, user_id: int) -> HttpResponse:
    """Let somebody go: owners anybody, members themselves."""
    count_act(request)
    user = _member(request, user_id)
    if user != request.user and not request.visitor.may("workspace:write"):
        raise Refused(403, "Only an owner of this workspace may do that.")
    try:
        members.remove_member(workspace=request.visitor.workspace, user=user)
    except members.LastOwner:
        raise Refused(409, "A workspace needs an owner. Make somebody else one first, or delete it.") from None
    except members.NotAMember:
        raise Refused(404, "That person does not belong to this workspace any more.") from None
    messages.success(request, f"{user.email or 'The member'} has left the workspace.")
    return redirect("console:dashboard" if user == request.user else "console:people")


def _withdraw(request: Page, invitation_id: str) -> bool:
    return invitations.withdraw(workspace=request.visitor.workspace, invitation_id=invitation_id)


def _member(request: Page, user_id: int) -> User:
    found = members_of(request.visitor.workspace).filter(user_id=user_id) if user_id <= MAX_USER_ID else None
    membership = found.first() if found is not None else None
    if membership is None:
        raise Refused(404, "That person does not belong to this workspace.")
    return membership.user


def _show(request: Page, form: InviteForm, status: int = 200) -> HttpResponse:
    workspace = request.visitor.workspace
    facts = {"members": members_of(workspace), "invitations": invitations_of(workspace), "form": form}
    return show(request, "console/account/people.html", facts, status=status)
