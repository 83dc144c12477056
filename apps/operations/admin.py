"""Workers for the staff, and what acts on several applications at once: looking at a workspace as its owner would."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.console import impersonation
from apps.operations.models import WorkerNode
from apps.workspaces.models import Workspace
from framelane.api.staff import ReadOnly
from framelane.api.staff_acts import Act, Changes, offer
from framelane.api.staff_cells import readable


@admin.register(WorkerNode)
class WorkerNodeAdmin(ReadOnly):
    list_display = ["name", "kind", "host", "version", "busy", "concurrency", "started_at", "seen_at"]
    list_filter = ["kind", "version"]
    search_fields = ["name", "host"]
    instead = {"gpus": "readable_gpus", "queues": "readable_queues"}

    @admin.display(description="GPUs")
    def readable_gpus(self, worker: WorkerNode) -> SafeString:
        return readable(worker.gpus)

    @admin.display(description="queues")
    def readable_queues(self, worker: WorkerNode) -> str:
        return ", ".join(worker.queues)


def _impersonate(request: HttpRequest, workspace: Workspace, answers: dict[str, Any]) -> Changes:
    impersonation.begin(request, workspace, answers["reason"])
    return None


offer(
    Workspace,
    Act(
        name="impersonate",
        label="Look at it as its owner",
        action="impersonation.begin",
        permission=impersonation.PERMISSION,
        question="For an hour the console shows you this workspace as its owner sees it. Everything that you change "
        "there is in the audit log with this reason.",
        run=_impersonate,
        can=lambda workspace: workspace.erasure_requested_at is None,
        refusals=(PermissionDenied, ValueError),
        is_for_one=True,
        records_itself=True,
        goes_to="/console/",
        done="open in the console",
    ),
)
