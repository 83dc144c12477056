"""Jobs for the staff of an installation: to look at, to cancel, to send on their way again."""

import json
from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from apps.jobs.models import Job, Status
from apps.jobs.services.cancel import AlreadyEnded, cancel
from apps.jobs.services.sweep import recover_now
from apps.jobs.services.transitions import hint_now


@admin.register(Job)
class JobAdmin(admin.ModelAdmin[Job]):
    list_display = [
        "id",
        "status",
        "progress_percent",
        "workspace_name",
        "kind",
        "task_type",
        "error_code",
        "attempt",
        "worker",
        "created_at",
    ]
    list_filter = ["status", "kind", "task_type", "queue", "error_code", "created_at"]
    search_fields = ["id", "workspace__id", "worker"]
    list_select_related = ["workspace"]
    date_hierarchy = "created_at"
    exclude = ["request"]
    actions = ["cancel_jobs", "requeue_jobs"]

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_name(self, job: Job) -> str:
        return job.workspace.name

    @admin.display(description="request")
    def readable_request(self, job: Job) -> str:
        return format_html("<pre>{}</pre>", json.dumps(job.request, indent=2, ensure_ascii=False))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Job | None = None) -> list[str]:
        names = [field.name for field in Job._meta.fields]
        return ["readable_request" if name == "request" else name for name in names]

    @admin.action(description="Cancel the selected jobs")
    def cancel_jobs(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._tell(request, "asked to stop", _count(jobs, _cancel))

    @admin.action(description="Requeue the selected jobs (running ones start again as another attempt)")
    def requeue_jobs(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._tell(request, "sent to the workers again", _count(jobs, _requeue))

    def _tell(self, request: HttpRequest, what: str, counts: tuple[int, int]) -> None:
        done, total = counts
        level = messages.SUCCESS if done == total else messages.WARNING
        self.message_user(request, f"{done} of {total} jobs {what}.", level)


def _count(jobs: QuerySet[Job], act: Callable[[Job], bool]) -> tuple[int, int]:
    results = [act(job) for job in jobs]
    return sum(results), len(results)


def _cancel(job: Job) -> bool:
    try:
        cancel(job)
    except AlreadyEnded:
        return False
    return True


def _requeue(job: Job) -> bool:
    if job.status == Status.PROCESSING:
        return recover_now(job) is not None
    return hint_now(job)
