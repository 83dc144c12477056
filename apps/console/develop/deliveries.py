"""What was sent to a webhook, what came back, and sending it again."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from apps.console.develop.webhooks import find, gone
from apps.console.lists import window
from apps.console.pages import Refused, page, show
from apps.console.rules import count_act
from apps.console.visitor import Page
from apps.webhooks import services
from apps.webhooks.models import Attempt, Endpoint, Status
from apps.webhooks.selectors import attempts_of, find_attempt, log_of


@page("webhooks:read")
def deliveries(request: Page, webhook_id: str) -> HttpResponse:
    """Every attempt of the last thirty days."""
    endpoint, status = find(request, webhook_id), request.GET.get("status", "")
    if status and status not in Status.values:
        raise Refused(400, f"There is no status {status[:20]!r}; choose one of {', '.join(Status.values)}.")
    listed = window(request, log_of(endpoint, status=status or None))
    facts = {"webhook": endpoint, "list": listed, "status": status, "statuses": Status.values}
    return show(request, "console/develop/deliveries.html", facts)


@page("webhooks:read")
def delivery(request: Page, webhook_id: str, delivery_id: str) -> HttpResponse:
    """One delivery: the body that was sent, and every attempt with its answer."""
    endpoint = find(request, webhook_id)
    first = _found(endpoint, delivery_id)
    attempts = list(attempts_of(endpoint, first.delivery_id))
    is_open = any(attempt.status == Status.PENDING for attempt in attempts)
    facts = {"webhook": endpoint, "attempts": attempts, "message": first.message, "is_open": is_open}
    facts["body"] = json.dumps(json.loads(first.message.body), indent=2, ensure_ascii=False)
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "console/develop/parts/attempts.html" if is_fragment else "console/develop/delivery.html"
    return show(request, template, {**facts, "first": first})


@page("webhooks:write", "POST")
def redeliver(request: Page, webhook_id: str, delivery_id: str) -> HttpResponse:
    """Send the same event again, as a new delivery."""
    count_act(request)
    endpoint = find(request, webhook_id)
    former = _found(endpoint, delivery_id)
    with gone():
        attempt = services.redeliver(attempt=former)
    messages.success(request, "The event is being sent again.")
    return redirect("console:delivery", endpoint.id, attempt.id)


def _found(endpoint: Endpoint, delivery_id: str) -> Attempt:
    attempt = find_attempt(endpoint, delivery_id)
    if attempt is None:
        raise Refused(404, "There is no such delivery; they are kept for thirty days.")
    return attempt
