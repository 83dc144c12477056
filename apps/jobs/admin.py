"""Jobs for the staff of an installation: to look at, to cancel, to send on their way again."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString

import apps.jobs.staff_acts  # noqa: F401
from apps.jobs.models import Job
from apps.jobs.schemas import ErrorCode, TaskType
from apps.jobs.services.submit import RENDER_QUEUE, TASK_QUEUES
from framelane.api.staff import ReadOnly
from framelane.api.staff_cells import length, link_to, link_to_list, megabytes, readable, side_by_side
from framelane.api.staff_filters import among
from framelane.lib import clock
from framelane.lib.net import shown

_AFTERWARDS = timedelta(minutes=5)


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = [
        "id",
        "state",
        "progress",
        "workspace_link",
        "what",
        "error_code",
        "created_at",
        "took",
        "made",
        "attempt",
        "worker",
    ]
    list_filter = [
        "status",
        "kind",
        among("task_type", "task", [task.value for task in TaskType]),
        among("queue", "queue", [RENDER_QUEUE, *TASK_QUEUES.values()]),
        among("error_code", "error", [code.value for code in ErrorCode]),
        "created_at",
    ]
    sought = ("id",)
    search_help_text = "The whole id of a job, or part of the name or address of a workspace."
    list_select_related = ["workspace"]
    date_hierarchy = "created_at"
    # Of the requests, which may be large, the list needs nothing.
    heavy = ("request", "metadata", "copies", "warnings", "stages")
    instead = {
        "status": "state",
        "request": "readable_request",
        "metadata": "readable_metadata",
        "webhook_url": "receiver",
        "copies": "copied_assets",
        "warnings": "readable_warnings",
        "stages": "readable_stages",
        "output_bytes": "made",
        "output_duration_s": "duration",
    }

    @admin.display(description="progress", ordering="progress_percent")
    def progress(self, job: Job) -> str:
        return f"{job.progress_percent} %"

    @admin.display(description="kind", ordering="task_type")
    def what(self, job: Job) -> str:
        return job.task_type.replace("_", " ") or job.kind

    @admin.display(description="took")
    def took(self, job: Job) -> str:
        """From the start of its last attempt to its end, or until now."""
        if job.started_at is None:
            return self.get_empty_value_display()
        return length(((job.completed_at or clock.now()) - job.started_at).total_seconds())

    @admin.display(description="output", ordering="output_bytes")
    def made(self, job: Job) -> str:
        return megabytes(job.output_bytes)

    @admin.display(description="output length", ordering="output_duration_s")
    def duration(self, job: Job) -> str:
        return length(job.output_duration_s)

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
    def copied_assets(self, job: Job) -> SafeString | str:
        links = [link_to("uploads_asset", asset_id, shown(url)) for url, asset_id in job.copies.items()]
        return side_by_side(links) if links else self.get_empty_value_display()

    @admin.display(description="warnings")
    def readable_warnings(self, job: Job) -> SafeString:
        return readable(job.warnings)

    @admin.display(description="stages")
    def readable_stages(self, job: Job) -> SafeString:
        return readable(job.stages)

    @admin.display(description="leads to")
    def leads_to(self, job: Any) -> SafeString:
        since = {"created_at__gte": job.created_at.isoformat()}
        until = {"created_at__lt": ((job.completed_at or clock.now()) + _AFTERWARDS).isoformat()}
        of_workspace = {"workspace__id__exact": job.workspace_id}
        links = [
            # Found through the index on their age.
            link_to_list("webhooks_attempt", "Deliveries", job_id__exact=job.id, **since),
            link_to_list("events_event", "Events meanwhile", **of_workspace, **since, **until),
            link_to_list("billing_usagerecord", "Usage", job_id__exact=job.id),
            link_to_list("billing_reservation", "Reservation", job_id__exact=job.id),
            link_to_list("previews_preview", "Preview", subject_id__exact=job.id),
            link_to_list("uploads_import", "Imports meanwhile", **of_workspace, **since, **until),
            link_to_list("audit_auditentry", "Audit log", object_type__exact="jobs.job", object_id__exact=job.id),
        ]
        return side_by_side(links)
