"""The first steps of somebody who has signed in and belongs to no workspace yet."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from apps.console import lifetime, secrets
from apps.console.pages import READING, Refused, go_to_sign_in, refused, show
from apps.console.sign_in.forms import WorkspaceForm
from apps.console.visitor import visitor_of
from apps.signup import sign_in
from apps.workspaces.selectors import invitations_for


@never_cache
def welcome(request: HttpRequest) -> HttpResponse:
    """Names the workspace that a person is to have."""
    if request.method not in (*READING, "POST"):
        return refused(request, Refused(405, f"{request.method} is not possible here.", {"Allow": "GET, POST"}))
    if not isinstance(request.user, User):
        return go_to_sign_in(request)
    lifetime.prolong(request)
    if visitor_of(request) is not None:
        return redirect("console:dashboard")
    form = WorkspaceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _founded(request, form.cleaned_data["workspace_name"])
    status = 200 if request.method in READING else 422
    facts = {"form": form, "is_invited": invitations_for(request.user).exists()}
    return show(request, "console/sign_in/welcome.html", facts, status=status)


def _founded(request: HttpRequest, name: str) -> HttpResponse:
    try:
        set_up(request, name)
    except sign_in.AddressMissing as reason:
        return refused(request, Refused(403, f"{reason} Somebody from the staff can add it."))
    return redirect("console:dashboard")


def set_up(request: HttpRequest, name: str) -> None:
    """A workspace for the person who has signed in, with a first key that their dashboard shows once.

    Whoever has a workspace keeps that one. Raises AddressMissing.
    """
    assert isinstance(request.user, User)
    made = sign_in.found_workspace(user=request.user, name=name)
    if made is None:
        messages.info(request, "You had a workspace already; this is it.")
        return
    note = "It is shown only now. Keep it somewhere safe."
    secrets.keep(request, secrets.Shown("Your first API key", made.secret, note), secrets.FIRST_KEY)
