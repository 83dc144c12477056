"""`/admin/operations/`: how the installation is doing, for the staff. It looks again by itself every few seconds."""

from typing import Any, Final

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.jobs.models import Job, Status
from apps.operations.models import WorkerNode
from apps.operations.nodes import SCHEDULER, is_up, nodes
from apps.operations.page import figures
from framelane.api.system import CHECKS, failing_checks
from framelane.lib import clock

PERMISSION: Final = "operations.view_workernode"
REFRESH_S: Final = 10
# The page itself proves that the database answers.
_ASKED: Final = [name for name in CHECKS if name != "database"]


@admin.site.admin_view
@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """The page, or with htmx the part of it that changes."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied("the page of operations needs the right to see workers")
    if request.headers.get("HX-Request"):
        return render(request, "admin/operations_live.html", facts())
    frame = admin.site.each_context(request)
    return render(request, "admin/operations.html", {**frame, **facts(), "title": "Operations", "refresh_s": REFRESH_S})


def facts() -> dict[str, Any]:
    known = nodes()
    workers = [node for node in known if node.kind != SCHEDULER]
    failing = failing_checks(_ASKED)
    return {
        "now": clock.now(),
        "queues": figures.queues(workers),
        "workers": _with_jobs(workers),
        "beat": next((node for node in known if node.kind == SCHEDULER and is_up(node)), None),
        "outcomes": figures.outcomes(),
        "windows": list(figures.WINDOWS),
        "backlogs": figures.waiting(),
        "checks": {name: name not in failing for name in CHECKS},
        "version": settings.FRAMELANE_VERSION,
        "versions": sorted({node.version for node in known if is_up(node)}),
    }


def _with_jobs(workers: list[WorkerNode]) -> list[dict[str, Any]]:
    """Each worker with the jobs that it holds: they name it, and its process behind a stroke."""
    running = Job.objects.filter(status=Status.PROCESSING).only("id", "worker").order_by("started_at")
    by_worker: dict[str, list[Job]] = {}
    for job in running:
        by_worker.setdefault(job.worker.partition("/")[0], []).append(job)
    return [{"node": node, "is_up": is_up(node), "jobs": by_worker.get(node.name, [])} for node in workers]
