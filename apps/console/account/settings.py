"""The settings of a workspace: its name, and its end."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from apps.account.erasure import request_erasure
from apps.console.account.forms import DeletionForm, NameForm
from apps.console.pages import Refused, page, show
from apps.console.rules import count_act, require_verified
from apps.console.visitor import WORKSPACE_KEY, Page
from apps.workspaces.services import rename_workspace


@page("workspace:read", "GET", "POST")
def settings(request: Page) -> HttpResponse:
    """Name and id; POST gives another name."""
    if request.method == "POST":
        return _rename(request)
    return _show(request, NameForm(initial={"name": request.visitor.workspace.name}))


@page("workspace:write", "POST", not_impersonating=True)
def delete(request: Page) -> HttpResponse:
    """Delete the workspace with everything in it, once its id was typed."""
    count_act(request)
    form = DeletionForm(request.POST, workspace_id=request.visitor.workspace.id)
    if not form.is_valid():
        return _show(request, NameForm(initial={"name": request.visitor.workspace.name}), form, status=422)
    request_erasure(workspace=request.visitor.workspace)
    request.session.pop(WORKSPACE_KEY, None)
    messages.success(request, f"{request.visitor.workspace.name} is being deleted. Its keys have stopped working.")
    return redirect("console:dashboard")


def _rename(request: Page) -> HttpResponse:
    if not request.visitor.may("workspace:write"):
        raise Refused(403, "Only an owner of this workspace may do that.")
    require_verified(request)
    count_act(request)
    form = NameForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    rename_workspace(workspace=request.visitor.workspace, name=form.cleaned_data["name"])
    messages.success(request, "The workspace has its new name.")
    return redirect("console:settings")


def _show(request: Page, form: NameForm, deletion: DeletionForm | None = None, status: int = 200) -> HttpResponse:
    deletion = deletion or DeletionForm(workspace_id=request.visitor.workspace.id)
    return show(request, "console/account/settings.html", {"form": form, "deletion": deletion}, status=status)
