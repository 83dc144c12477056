"""The list of jobs, and the fragment that keeps its rows up to date."""

from typing import Final

from django.http import HttpRequest, HttpResponse

from apps.console.jobs.forms import FilterForm
from apps.console.jobs.rows import table_of
from apps.console.pages import Refused, page, show
from apps.console.visitor import Page
from apps.jobs.listing import PAGE_ROWS, Listed, Mark, find_jobs, list_jobs

OLDER: Final = "older"
NEWER: Final = "newer"


@page("renders:read")
def jobs(request: Page) -> HttpResponse:
    """Renders and tasks together, newest first."""
    form = FilterForm(request.GET)
    is_valid = form.is_valid()
    listed = list_jobs(
        request.visitor.workspace, form.wanted(), older_than=_mark(request, OLDER), newer_than=_mark(request, NEWER)
    )
    facts = {
        "form": form,
        **table_of(request.visitor.workspace, listed.rows),
        "listed": listed,
        "newer": _link(request, NEWER, listed.newer),
        "older": _link(request, OLDER, listed.older),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "is_unused": _is_unused(request, listed),
    }
    return show(request, "console/jobs/list.html", facts, status=200 if is_valid else 422)


@page("renders:read")
def live_rows(request: Page) -> HttpResponse:
    """The rows of the jobs that are named: `?id=...&id=...`, one page of them at most."""
    found = find_jobs(request.visitor.workspace, request.GET.getlist("id")[:PAGE_ROWS])
    facts = {**table_of(request.visitor.workspace, found), "is_live": True}
    return show(request, "console/jobs/parts/live_rows.html", facts)


def _mark(request: HttpRequest, name: str) -> Mark | None:
    text = request.GET.get(name)
    if not text:
        return None
    try:
        return Mark.parse(text)
    except ValueError:
        raise Refused(400, "This address of a page is not one of ours. Begin at the newest.") from None


def _link(request: HttpRequest, name: str, mark: Mark | None) -> str:
    """The address of the page behind a mark, with the filters in it; "" without one."""
    if mark is None:
        return ""
    query = request.GET.copy()
    for other in (OLDER, NEWER):
        query.pop(other, None)
    query[name] = str(mark)
    return f"?{query.urlencode()}"


def _is_unused(request: HttpRequest, listed: Listed) -> bool:
    """Whether the workspace has no job at all."""
    return not listed.rows and not request.GET
