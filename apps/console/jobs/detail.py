"""The page of one job, and the fragment that keeps it up to date while the job goes on."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse
from django_htmx.http import HttpResponseClientRefresh
from pydantic import ValidationError

from apps.billing.selectors import used_by_job
from apps.console.doing import doing
from apps.console.jobs.errors import advice_for, places_in
from apps.console.jobs.film.listing import lines_of
from apps.console.jobs.film.picture import draw
from apps.console.jobs.film.spans import film_of
from apps.console.jobs.finding import job_of
from apps.console.jobs.outputs import Output, media_of, output_of, shown_url, transcript_of
from apps.console.jobs.sources import Files, files_of, named, names_of
from apps.console.jobs.stages import course_of
from apps.console.jobs.titles import has_name, icon_of, kind_of, sentence_of, title_of
from apps.console.pages import page, show
from apps.console.playground.pretty import pretty
from apps.console.visitor import Page
from apps.jobs.models import Job, Kind, Status
from apps.previews.selectors import preview_of
from apps.webhooks.selectors import deliveries_of_job
from apps.workspaces.models import Workspace
from gpu_tasks.timeline.request import RenderRequest

MAX_REQUEST: Final = 200_000
"""Characters of a request that the page shows; the rest can be downloaded."""
_COMPARED: Final = ("super_resolution", "remove_background", "gaze_redirect")


@page("renders:read")
def job(request: Page, job_id: str) -> HttpResponse:
    """Everything about a job."""
    shown = job_of(request, job_id)
    return show(request, "console/jobs/detail.html", _facts(request.visitor.workspace, shown))


@page("renders:read")
def live(request: Page, job_id: str) -> HttpResponse:
    """How far the job is; once it has ended, the browser is told to load the page again."""
    shown = job_of(request, job_id)
    if shown.is_terminal and request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    return show(request, "console/jobs/parts/live.html", _progress(shown, names_of(request.visitor.workspace, [shown])))


def _progress(shown: Job, names: Mapping[str, str]) -> dict[str, Any]:
    return {"job": shown, "title": title_of(shown, names), "doing": doing(shown), "course": course_of(shown)}


def _facts(workspace: Workspace, shown: Job) -> Mapping[str, Any]:
    request = _parsed(shown)
    files, output = files_of(workspace, shown, request), output_of(shown)
    return {
        **_progress(shown, files.names),
        "sentence": sentence_of(shown, files.names) if has_name(shown, files.names) else "",
        "kind": kind_of(shown),
        "icon": icon_of(shown),
        "output": output,
        "preview": preview_of(workspace, shown.id) if output else None,
        "before": _before(shown, files, output),
        "transcript": transcript_of(shown),
        "error": _error(shown),
        "sources": files.listed(),
        "more_sources": files.more,
        "used_s": used_by_job(workspace_id=workspace.id, job_id=shown.id) if output else None,
        "deliveries": deliveries_of_job(workspace, shown.id),
        "rerun_key": secrets.token_hex(16),
        **_film(shown, request, files),
        **_request_text(shown),
    }


def _parsed(shown: Job) -> RenderRequest | None:
    """The request of a render; None for tasks, and for one of before a rule was changed, which parses no more."""
    if shown.kind != Kind.RENDER:
        return None
    try:
        return RenderRequest.model_validate(shown.request)
    except ValidationError:
        return None


def _film(shown: Job, request: RenderRequest | None, files: Files) -> dict[str, Any]:
    """The picture of the timeline; nothing for a film without elements."""
    if request is None or not request.elements:
        return {}
    film = film_of(named(request, files.names), files.durations, shown.output_duration_s)
    return {"film": film, "picture": draw(film), "lines": lines_of(film)}


def _before(shown: Job, files: Files, output: Output | None) -> Mapping[str, str] | None:
    """The source beside the result, where both are pictures or films of ours."""
    if shown.task_type not in _COMPARED or output is None or not output.url or not files.urls:
        return None
    key = files.key_of(files.urls[0])
    return {"url": shown_url(key), "media": media_of(key)} if key and media_of(key) in ("video", "image") else None


def _error(shown: Job) -> Mapping[str, Any] | None:
    if shown.status != Status.FAILED:
        return None
    return {
        "code": shown.error_code,
        "message": shown.error_message,
        "advice": advice_for(shown.error_code),
        "places": places_in(shown.request, shown.error_message),
    }


def _request_text(shown: Job) -> dict[str, Any]:
    text = pretty(shown.request)
    return {"request_text": text[:MAX_REQUEST], "request_is_cut": len(text) > MAX_REQUEST}
