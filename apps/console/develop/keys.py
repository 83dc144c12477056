"""API keys: made, replaced and revoked. The text of a key is shown once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from apps.api_keys import scopes, services
from apps.api_keys.models import ApiKey
from apps.api_keys.selectors import find_key, keys_of
from apps.console import secrets
from apps.console.develop.forms import KeyForm, RotationForm
from apps.console.lists import window
from apps.console.pages import Refused, page, show
from apps.console.rules import count_act, require_verified
from apps.console.visitor import Page
from framelane.lib import clock

_ONCE = "Copy it now: only its hash is kept, so it cannot be shown again."


@page("workspace:read")
def keys(request: Page) -> HttpResponse:
    """The list, and the form of a new key."""
    return _show(request, KeyForm(role=request.visitor.role))


@page("workspace:write", "POST", not_impersonating=True)
def create(request: Page) -> HttpResponse:
    """Make a key, whose text the next page shows."""
    require_verified(request)
    count_act(request)
    form = KeyForm(request.POST, role=request.visitor.role)
    if not form.is_valid():
        return _show(request, form, status=422)
    with _refusals():
        key, text = services.issue_key(
            workspace=request.visitor.workspace,
            name=form.cleaned_data["name"],
            scopes=scopes.in_order(form.cleaned_data["scopes"]),
            expires_at=form.expires_at,
        )
    secrets.keep(request, secrets.Shown(f"Your new key “{key.name}”", text, _ONCE))
    return redirect("console:keys")


@page("workspace:write", "POST", not_impersonating=True)
def rotate(request: Page, key_id: str) -> HttpResponse:
    """Replace a key; the former one works on for a while."""
    require_verified(request)
    count_act(request)
    key, form = _find(request, key_id), RotationForm(request.POST)
    if not form.is_valid():
        raise Refused(422, "Choose when the former key ends.")
    with _refusals():
        made, text = services.rotate_key(key=key, overlap=timedelta(seconds=int(form.cleaned_data["overlap_s"])))
    secrets.keep(request, secrets.Shown(f"The new key “{made.name}”", text, _ONCE))
    return redirect("console:keys")


@page("workspace:write", "POST")
def revoke(request: Page, key_id: str) -> HttpResponse:
    """Stop a key at once."""
    count_act(request)
    key = services.revoke_key(key=_find(request, key_id))
    messages.success(request, f"The key “{key.name}” does not work any more.")
    return redirect("console:keys")


def _show(request: Page, form: KeyForm, status: int = 200) -> HttpResponse:
    listed = window(request, keys_of(request.visitor.workspace))
    facts: dict[str, Any] = {"form": form, "list": listed, "now": clock.now(), "rotation": RotationForm()}
    return show(request, "console/develop/keys.html", {**facts, "secret": secrets.take(request)}, status=status)


def _find(request: Page, key_id: str) -> ApiKey:
    key = find_key(request.visitor.workspace, key_id)
    if key is None:
        raise Refused(404, "There is no such key in this workspace.")
    return key


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except services.KeyRefused as reason:
        raise Refused(409, str(reason)) from None
