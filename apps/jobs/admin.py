"""Jobs for the staff of an installation: to look at, to cancel, to send on their way again."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.jobs.models import Job, Status
from apps.jobs.services.cancel import AlreadyEnded, cancel
from apps.jobs.services.sweep import recover_now
from apps.jobs.services.transitions import hint_now
from framelane.api.staff import ReadOnly, readable
from framelane.lib.net import shown


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = [
        "id",
        "status",
        "progress_percent",
        "workspace_link",
        "task_type",
        "error_code",
        "created_at",
        "attempt",
        "worker",
    ]
    list_filter = ["status", "kind", "task_type", "queue", "error_code", "created_at"]
    search_fields = ["id", "workspace__id", "workspace__name", "worker"]
    list_select_related = ["workspace"]
    date_hierarchy = "created_at"
    actions = ["cancel_jobs", "requeue_jobs"]
    instead = {
        "request": "readable_request",
        "metadata": "readable_metadata",
        "webhook_url": "receiver",
        "copies": "readable_copies",
        "warnings": "readable_warnings",
    }

    @admin.display(description="request")
    def readable_request(self, job: Job) -> SafeString:
        return readable(job.request)

    @admin.display(description="metadata")
    def readable_metadata(self, job: Job) -> SafeString:
        return readable(job.metadata)

    @admin.display(description="webhook URL")
    def receiver(self, job: Job) -> str:
        """Without the query, by which receivers often know us."""
        return shown(job.webhook_url) or self.get_empty_value_display()

    @admin.display(description="copies")
    def readable_copies(self, job: Job) -> SafeString:
        return readable(job.copies)

    @admin.display(description="warnings")
    def readable_warnings(self, job: Job) -> SafeString:
        return readable(job.warnings)

    def has_actions_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("jobs.change_job")

    @admin.action(description="Cancel the selected jobs", permissions=["actions"])
    def cancel_jobs(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        self._tell(request, "asked to stop", _count(jobs, _cancel))

    @admin.action(
        description="Requeue the selected jobs (running ones start again as another attempt)", permissions=["actions"]
    )
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
