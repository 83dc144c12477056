"""The playground: a request is written, checked, rendered and watched."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from apps.console.pages import Refused, page, show
from apps.console.playground import language, rendering
from apps.console.playground.checking import Report, check
from apps.console.playground.gallery import TEMPLATES, Template, find_template
from apps.console.playground.pretty import pretty
from apps.console.playground.requests import as_written
from apps.console.playground.showing import Shown, shown
from apps.console.rules import count_act, require_verified
from apps.console.visitor import Page
from apps.jobs.services.cancel import AlreadyEnded, cancel
from framelane.api import documents
from framelane.api.errors import ApiError
from framelane.lib import ids

PAGE = "console/playground/page.html"
RESULT = "console/playground/parts/result.html"
FIRST = "title-card"
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


@page("renders:read")
def playground(request: Page) -> HttpResponse:
    """The editor with the request of `?job=`, with `?template=`, or with the first template."""
    source, origin = _opened(request)
    return _drawn(request, source, origin=origin)


def _opened(request: Page) -> tuple[str, str]:
    """The text to begin with, and where it is from: `job`, `template`, or "" for nothing that was asked for."""
    if job_id := request.GET.get("job", ""):
        return pretty(as_written(rendering.render_of(request.visitor.workspace, job_id).request)), "job"
    if name := request.GET.get("template", ""):
        return _template(name).source, "template"
    return _template(FIRST).source, ""


def _template(name: str) -> Template:
    template = find_template(name)
    if template is None:
        raise Refused(404, "There is no such template.")
    return template


@page("renders:read", "POST")
def check_text(request: Page) -> HttpResponse:
    """What the API would say: as JSON to a text that is sent as it is, as the page to a form."""
    if request.content_type not in FORMS:
        return _answered(request)
    rendering.count_check(request.visitor.workspace)
    source = _sent(request)
    return _drawn(request, source, report=check(request.visitor.workspace, _encoded(source)))


def _answered(request: Page) -> HttpResponse:
    """JSON for the editor's script, also of a refusal."""
    try:
        rendering.count_check(request.visitor.workspace)
        return JsonResponse(check(request.visitor.workspace, _body(request)).as_dict())
    except ApiError as error:
        return JsonResponse(error.envelope(), status=error.status, headers=error.headers)


def _body(request: Page) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        limit_bytes = settings.FRAMELANE_MAX_BODY_BYTES
        raise ApiError(413, "payload_too_large", f"The body is larger than {limit_bytes} bytes.") from None


@page("renders:write", "POST")
def render(request: Page) -> HttpResponse:
    """Make a render of the text; then its progress in place, or its page where no script asks."""
    source, is_fragment = _sent(request), bool(request.headers.get("HX-Request"))
    try:
        require_verified(request)
        count_act(request)
        token = request.POST.get("token", "")
        job = rendering.submit(request.visitor.workspace, _encoded(source), token)
    except ApiError as error:
        return _refused(request, source, error, is_fragment)
    if is_fragment:
        return show(request, RESULT, {"shown": shown(job), "fresh_token": ids.new_id("form")})
    return redirect("console:job", job.id)


def _refused(request: Page, source: str, error: ApiError, is_fragment: bool) -> HttpResponse:
    is_invalid = error.status in (400, 422)
    report = check(request.visitor.workspace, _encoded(source)) if is_invalid else None
    status = 422 if is_invalid else error.status
    if is_fragment:
        response = show(request, RESULT, {"refusal": error, "report": report}, status=status)
    else:
        response = _drawn(request, source, report=report, refusal=error, status=status)
    for name, value in error.headers.items():
        response.headers[name] = value
    return response


@page("renders:read")
def progress(request: Page, job_id: str) -> HttpResponse:
    """How far a render is, again and again until it has ended."""
    return show(request, RESULT, {"shown": shown(rendering.render_of(request.visitor.workspace, job_id))})


@page("renders:write", "POST")
def cancel_render(request: Page, job_id: str) -> HttpResponse:
    job = rendering.render_of(request.visitor.workspace, job_id)
    count_act(request)
    try:
        job = cancel(job)
    except AlreadyEnded:
        job.refresh_from_db()
    if request.headers.get("HX-Request"):
        return show(request, RESULT, {"shown": shown(job)})
    return redirect("console:job", job.id)


@require_safe
@login_required
def schema(request: HttpRequest) -> HttpResponseBase:
    """The language of requests for the editor: a browser keeps it, since it is the same for everybody."""
    return documents.serve(request, language.document())


def _sent(request: Page) -> str:
    """The text of a form. Browsers send line ends as CR LF; the places in it are those of what people wrote."""
    return request.POST.get("source", "").replace("\r\n", "\n")


def _encoded(source: str) -> bytes:
    return source.encode("utf-8", "replace")


def _drawn(
    request: Page,
    source: str,
    *,
    origin: str = "",
    report: Report | None = None,
    refusal: ApiError | None = None,
    status: int = 0,
) -> HttpResponse:
    is_fine = report is None or report.ok
    facts: dict[str, Any] = {
        "source": source,
        "origin": origin or ("sent" if request.method == "POST" else ""),
        "report": report,
        "refusal": refusal,
        "shown": _shown(request),
        "templates": TEMPLATES,
        "token": ids.new_id("form"),
        "draft_key": f"framelane.playground.{request.visitor.workspace.id}",
    }
    return show(request, PAGE, facts, status=status or (200 if is_fine else 422))


def _shown(request: Page) -> Shown | None:
    """The render whose request is open."""
    job_id = request.GET.get("job", "")
    return shown(rendering.render_of(request.visitor.workspace, job_id)) if job_id else None
