"""The form of one task, and what it sends."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from apps.console.assets.library import upload_facts
from apps.console.pages import Refused, page, show
from apps.console.rules import count_act, require_verified
from apps.console.task_kinds import Offer, find_offer
from apps.console.tasks.forms import TaskForm
from apps.console.tasks.recent import recent_tasks
from apps.console.tasks.sources import offered
from apps.console.visitor import Page
from apps.jobs.models import Job, Kind
from apps.jobs.plans import PlanExceeded
from apps.jobs.selectors import find_job
from apps.jobs.services.submit import create_task
from framelane.api.errors import ApiError, not_found
from framelane.api.idempotency import Scope, fingerprint, once
from gpu_tasks.timeline.lint import InvalidRequest


@page("tasks:read", "GET", "POST")
def task(request: Page, slug: str) -> HttpResponse:
    """The form; what it sends makes a job."""
    offer = _find(slug)
    if request.method == "POST":
        return _submit(request, offer)
    return _show(request, offer, _form(request, offer), chosen=request.GET.get("source", ""))


@page("tasks:read")
def sources(request: Page, slug: str) -> HttpResponse:
    """The assets to choose from, by a search or after an upload."""
    offer, chosen = _find(slug), request.GET.get("asset", "")
    cards = offered(request, offer.task, chosen)
    return show(request, "console/tasks/parts/sources.html", {"offer": offer, "cards": cards, "chosen": chosen})


@page("tasks:read")
def recent(request: Page, slug: str) -> HttpResponse:
    """How far the newest tasks of the type are."""
    offer = _find(slug)
    return show(request, "console/tasks/parts/recent.html", _recent(request, offer))


@page("tasks:write", "POST")
def _submit(request: Page, offer: Offer) -> HttpResponse:
    require_verified(request)
    count_act(request)
    form = _form(request, offer)
    if form.is_valid():
        job = _created(request, offer, form)
        if job is not None:
            messages.success(request, f"{offer.task.title} has begun: its result appears here.")
            return redirect("console:job", job.id)
    return _show(request, offer, form, status=422, chosen=request.POST.get("asset", ""))


def _created(request: Page, offer: Offer, form: TaskForm) -> Job | None:
    """The job, or None with what it was refused for in the form."""
    try:
        return _create_once(request, offer, form)
    except InvalidRequest as invalid:
        form.refuse(invalid.problems)
    except (PlanExceeded, ApiError) as refusal:
        form.add_error(None, str(refusal))
    return None


def _create_once(request: Page, offer: Offer, form: TaskForm) -> Job:
    """A form that is sent twice makes one job; with other entries it is another form."""
    workspace, payload = request.visitor.workspace, form.payload

    def create() -> Job:
        return create_task(workspace=workspace, task_type=offer.task.name, payload=payload)

    key = form.cleaned_data["form_key"]
    if not key.isalnum():
        return create()
    digest = fingerprint(payload)
    scope = Scope(workspace.id, "POST", request.path, f"{key}-{digest}", digest)
    return once(scope, create, lambda job_id: _job(request, job_id))[0]


def _job(request: Page, job_id: str) -> Job:
    """Raises ApiError 404."""
    job = find_job(request.visitor.workspace, Kind.TASK, job_id)
    if job is None:
        raise not_found("Task not found.")
    return job


def _find(slug: str) -> Offer:
    """Raises Refused 404."""
    offer = find_offer(slug)
    if offer is None:
        raise Refused(404, "There is no such task.")
    return offer


def _form(request: Page, offer: Offer) -> TaskForm:
    entered = request.POST if request.method == "POST" else None
    return TaskForm(entered, task_type=offer.task.name, workspace=request.visitor.workspace, lacking=offer.lacking)


def _show(request: Page, offer: Offer, form: TaskForm, *, chosen: str, status: int = 200) -> HttpResponse:
    facts: dict[str, Any] = {
        "offer": offer,
        "form": form,
        "chosen": chosen,
        "cards": offered(request, offer.task, chosen),
        "upload": upload_facts(request, tuple(offer.task.takes)),
        "query": request.GET.get("q", "")[:100],
        "new_key": secrets.token_hex(16),
        **_recent(request, offer),
    }
    return show(request, "console/tasks/task.html", facts, status=status)


def _recent(request: Page, offer: Offer) -> dict[str, Any]:
    rows = recent_tasks(request.visitor.workspace, offer.task.name)
    return {"offer": offer, "rows": rows, "is_live": any(not row.job.is_terminal for row in rows)}
