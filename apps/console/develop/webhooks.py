"""Webhooks: where events of the workspace are sent, tested, changed, and the secrets that sign them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from apps.console import secrets
from apps.console.develop.forms import EventTypeForm, WebhookChangeForm, WebhookForm
from apps.console.lists import window
from apps.console.pages import Refused, page, show
from apps.console.rules import count_act, require_verified
from apps.console.visitor import Page
from apps.webhooks import secrets as signing
from apps.webhooks import services
from apps.webhooks.models import Endpoint
from apps.webhooks.selectors import endpoints_of, find_endpoint, log_of

RECENT = 10
_ONCE = "Copy it now: it is not shown again. Your server checks the signatures with it."


@page("webhooks:read")
def webhooks(request: Page) -> HttpResponse:
    """The list, and the form of a new webhook."""
    return _list(request, WebhookForm())


@page("webhooks:write", "POST", not_impersonating=True)
def create(request: Page) -> HttpResponse:
    """Make a webhook, whose secret the next page shows."""
    require_verified(request)
    count_act(request)
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    try:
        endpoint, text = services.create_endpoint(workspace=request.visitor.workspace, **form.cleaned_data)
    except services.RefusedUrl as reason:
        form.add_error("url", str(reason))
        return _list(request, form, status=422)
    except services.TooManyEndpoints as reason:
        raise Refused(409, str(reason)) from None
    secrets.keep(request, secrets.Shown("The signing secret of this webhook", text, _ONCE))
    return redirect("console:webhook", endpoint.id)


@page("webhooks:read", "GET", "POST")
def webhook(request: Page, webhook_id: str) -> HttpResponse:
    """One webhook with its latest deliveries; POST changes it."""
    endpoint = find(request, webhook_id)
    if request.method == "POST":
        return _change(request, endpoint)
    return _show(request, endpoint, _form_of(endpoint))


@page("webhooks:write", "POST", not_impersonating=True)
def rotate(request: Page, webhook_id: str) -> HttpResponse:
    """Replace the secret; the former one signs beside it for a day, or ends at once."""
    count_act(request)
    endpoint = find(request, webhook_id)
    with gone():
        text, until = signing.rotate_endpoint_secret(endpoint=endpoint, revoke_now="revoke_now" in request.POST)
    note = f"{_ONCE} The former one signs beside it until {until:%d %b, %H:%M} UTC." if until else _ONCE
    secrets.keep(request, secrets.Shown("The new signing secret of this webhook", text, note))
    return redirect("console:webhook", endpoint.id)


@page("webhooks:write", "POST", not_impersonating=True)
def rotate_workspace_secret(request: Page) -> HttpResponse:
    """The secret that signs calls to the `webhook_url` of single jobs: this is how to get it, and another one."""
    require_verified(request)
    count_act(request)
    revoke_now = "revoke_now" in request.POST
    text, until = signing.rotate_workspace_secret(workspace=request.visitor.workspace, revoke_now=revoke_now)
    note = f"{_ONCE} The former one signs beside it until {until:%d %b, %H:%M} UTC." if until else _ONCE
    secrets.keep(request, secrets.Shown("The signing secret for the URLs of jobs", text, note))
    return redirect("console:webhooks")


@page("webhooks:write", "POST")
def test(request: Page, webhook_id: str) -> HttpResponse:
    """Send a made-up event, and show what becomes of it."""
    count_act(request)
    endpoint, form = find(request, webhook_id), EventTypeForm(request.POST)
    if not form.is_valid():
        raise Refused(422, "Choose one of the events.")
    with gone():
        attempt = services.send_test(endpoint=endpoint, event_type=form.cleaned_data["event_type"])
    return redirect("console:delivery", endpoint.id, attempt.id)


@page("webhooks:write", "POST")
def delete(request: Page, webhook_id: str) -> HttpResponse:
    """With its log."""
    count_act(request)
    endpoint = find(request, webhook_id)
    services.delete_endpoint(endpoint=endpoint)
    messages.success(request, "The webhook is deleted. Nothing more is sent there.")
    return redirect("console:webhooks")


def find(request: Page, webhook_id: str) -> Endpoint:
    """A webhook of the visitor's workspace. Raises Refused."""
    endpoint = find_endpoint(request.visitor.workspace, webhook_id)
    if endpoint is None:
        raise Refused(404, "There is no such webhook in this workspace.")
    return endpoint


@contextmanager
def gone() -> Iterator[None]:
    """Somebody may have deleted it since it was found."""
    try:
        yield
    except Endpoint.DoesNotExist:
        raise Refused(404, "The webhook was deleted a moment ago.") from None


def _change(request: Page, endpoint: Endpoint) -> HttpResponse:
    if not request.visitor.may("webhooks:write"):
        raise Refused(403, "Your role does not allow that.")
    count_act(request)
    form = WebhookChangeForm(request.POST, patterns=endpoint.events)
    if not form.is_valid():
        return _show(request, endpoint, form, status=422)
    try:
        with gone():
            services.update_endpoint(endpoint=endpoint, **form.cleaned_data)
    except services.RefusedUrl as reason:
        form.add_error("url", str(reason))
        return _show(request, endpoint, form, status=422)
    messages.success(request, "The webhook is changed.")
    return redirect("console:webhook", endpoint.id)


def _list(request: Page, form: WebhookForm, status: int = 200) -> HttpResponse:
    listed = window(request, endpoints_of(request.visitor.workspace))
    facts = {"form": form, "list": listed, "secret": secrets.take(request)}
    return show(request, "console/develop/webhooks.html", facts, status=status)


def _show(request: Page, endpoint: Endpoint, form: WebhookChangeForm, status: int = 200) -> HttpResponse:
    facts = {
        "webhook": endpoint,
        "form": form,
        "test_form": EventTypeForm(),
        "attempts": log_of(endpoint).order_by("-created_at", "-id")[:RECENT],
    }
    return show(request, "console/develop/webhook.html", {**facts, "secret": secrets.take(request)}, status=status)


def _form_of(endpoint: Endpoint) -> WebhookChangeForm:
    now = {"url": endpoint.url, "events": endpoint.events, "enabled": endpoint.enabled}
    return WebhookChangeForm(initial=now, patterns=endpoint.events)
