"""Going from one workspace to another, and back from one that was looked at for its owner."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from apps.console import impersonation
from apps.console.pages import Refused, go_to_sign_in, page, refused, show, staff_page_of
from apps.console.visitor import WORKSPACE_KEY, Page, living_membership
from apps.workspaces.selectors import memberships_of


@page("workspace:read", "GET", "POST", not_impersonating=True)
def switch(request: Page) -> HttpResponse:
    """The workspaces of a person, to choose from; a POST chooses `workspace`."""
    if request.method != "POST":
        return show(request, "console/sign_in/switch.html", {"memberships": memberships_of(request.user)})
    wanted = request.POST.get("workspace", "")
    # A workspace of somebody else's is answered like one that does not exist.
    membership = living_membership(request.user, wanted) if wanted else None
    if membership is None:
        raise Refused(404, "There is no such workspace, or you do not belong to it.")
    request.session[WORKSPACE_KEY] = membership.workspace_id
    messages.success(request, f"You are in {membership.workspace.name} now.")
    return redirect("console:dashboard")


@never_cache
def end_impersonation(request: HttpRequest) -> HttpResponse:
    """Back to where the staff sees the workspace."""
    if not request.user.is_authenticated:
        return go_to_sign_in(request)
    if request.method != "POST":
        return refused(request, Refused(405, f"{request.method} is not possible here.", {"Allow": "POST"}))
    workspace_id = impersonation.end(request)
    return redirect(staff_page_of(workspace_id)) if workspace_id is not None else redirect("console:dashboard")
