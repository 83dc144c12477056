"""What can be done with a job: download, cancel, run again."""

import json
import re
from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from apps.console.jobs.errors import advice_for
from apps.console.jobs.finding import job_of
from apps.console.pages import Refused, page
from apps.console.rules import count_act, require_verified
from apps.console.visitor import Page
from apps.jobs import downloads
from apps.jobs.listing import find_jobs
from apps.jobs.models import Job, Kind
from apps.jobs.plans import PlanExceeded
from apps.jobs.schemas import TaskType
from apps.jobs.services.cancel import AlreadyEnded
from apps.jobs.services.cancel import cancel as cancel_job
from apps.jobs.services.submit import create_render, create_task
from apps.uploads.egress import note_redirect
from framelane.api.errors import ApiError
from framelane.api.idempotency import Scope, fingerprint, once
from gpu_tasks.timeline.lint import InvalidRequest

_ONE_TIME_KEY: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_BESIDE: Final = {"srt": ".srt", "vtt": ".vtt"}


@page("renders:read")
def download(request: Page, job_id: str) -> HttpResponse:
    """Sends the browser to the file; `?as=srt` or `vtt` to the subtitles of a transcript."""
    job = job_of(request, job_id)
    wanted = request.GET.get("as", "")
    if wanted and (wanted not in _BESIDE or job.task_type != TaskType.TRANSCRIBE):
        raise Refused(404, "There is no such file beside this job.")
    try:
        url = downloads.download_url(job, _BESIDE.get(wanted, ""))
    except downloads.NotReady:
        raise Refused(409, "There is nothing to download: the job is not completed.") from None
    except downloads.Gone:
        raise Refused(410, "The file was deleted when its retention time was over. Run the job again.") from None
    if not wanted:
        note_redirect(workspace_id=job.workspace_id, size_bytes=job.output_bytes)
    return HttpResponseRedirect(url)


@page("renders:read")
def request_json(request: Page, job_id: str) -> HttpResponse:
    """The request as it came, as a file."""
    job = job_of(request, job_id)
    text = json.dumps(job.request, indent=2, ensure_ascii=False)
    name = {"Content-Disposition": f'attachment; filename="{job.id}.json"'}
    return HttpResponse(text, content_type="application/json", headers=name)


@page("renders:write", "POST")
def cancel(request: Page, job_id: str) -> HttpResponse:
    """Stop a job that goes on."""
    job = job_of(request, job_id)
    count_act(request)
    try:
        ended = cancel_job(job).is_terminal
    except AlreadyEnded as reason:
        messages.warning(request, str(reason))
        return redirect("console:job", job.id)
    messages.success(request, "The job is cancelled." if ended else "The job is being cancelled.")
    return redirect("console:job", job.id)


@page("renders:write", "POST")
def rerun(request: Page, job_id: str) -> HttpResponse:
    """Submit the same request as a new job and go there; say why where that is refused."""
    job = job_of(request, job_id)
    try:
        require_verified(request)
        count_act(request)
        again = _once(request, job, lambda: _submitted(request, job))
    except InvalidRequest as invalid:
        found = "; ".join(f"{problem.path or '/'}: {problem.message}" for problem in invalid.problems[:3])
        return _not_again(request, job, f"The request is no longer accepted. {found}")
    except PlanExceeded as exceeded:
        return _not_again(request, job, str(exceeded))
    except ApiError as refusal:
        return _not_again(request, job, f"{refusal.message} {advice_for(refusal.code)}")
    except Refused as refusal:
        return _not_again(request, job, refusal.message)
    messages.success(request, "The job runs again, as this new one.")
    return redirect("console:job", again.id)


def _submitted(request: Page, job: Job) -> Job:
    workspace = request.visitor.workspace
    if job.kind == Kind.RENDER:
        return create_render(workspace=workspace, payload=job.request)
    return create_task(workspace=workspace, task_type=job.task_type, payload=job.request)


def _once(request: Page, job: Job, create: Callable[[], Job]) -> Job:
    """Whoever presses the button twice gets one job: the form has a key of its own."""
    key = request.POST.get("key", "")
    if not _ONE_TIME_KEY.fullmatch(key):
        return create()
    workspace = request.visitor.workspace
    scope = Scope(workspace.id, "POST", request.path, key, fingerprint(job.id))
    return once(scope, create, lambda made: find_jobs(workspace, [made])[0])[0]


def _not_again(request: Page, job: Job, why: str) -> HttpResponse:
    messages.error(request, f"The job was not run again. {why}")
    return redirect("console:job", job.id)
