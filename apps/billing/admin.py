"""The usage ledger, what is reserved and what was granted, for the staff of an installation: to look at."""

from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString

import apps.billing.staff_acts
import apps.billing.stripe.admin  # noqa: F401
from apps.billing.models import Grant, Reservation, UsageRecord
from framelane.api.staff import ReadOnly
from framelane.api.staff_cells import length, link_to
from framelane.api.staff_filters import among

KINDS = ("render", "remove_background", "gaze_redirect", "super_resolution", "transcribe")


@admin.register(UsageRecord)
class UsageRecordAdmin(ReadOnly):
    list_display = ["id", "job_link", "workspace_link", "kind", "duration", "created_at"]
    list_filter = [among("kind", "kind", KINDS), "created_at"]
    sought = ("job_id",)
    search_help_text = "The whole id of a job, or part of the name of a workspace."
    list_select_related = ["workspace"]
    date_hierarchy = "created_at"
    instead = {"job_id": "job_link"}

    @admin.display(description="length", ordering="output_s")
    def duration(self, record: UsageRecord) -> str:
        return length(record.output_s)


@admin.register(Reservation)
class ReservationAdmin(ReadOnly):
    """What nobody will use is freed by the sweep of jobs."""

    list_display = ["id", "job_link", "workspace_link", "duration", "created_at"]
    list_filter = ["created_at"]
    sought = ("job_id",)
    list_select_related = ["workspace"]
    instead = {"job_id": "job_link"}

    @admin.display(description="length", ordering="output_s")
    def duration(self, row: Reservation) -> str:
        return length(row.output_s)


@admin.register(Grant)
class GrantAdmin(ReadOnly):
    """Made on the page of a workspace, and taken back by another one."""

    list_display = ["id", "workspace_link", "month", "minutes", "reason", "giver", "created_at"]
    list_filter = ["month", "created_at"]
    list_select_related = ["workspace", "granted_by"]
    search_fields = ["workspace__id", "workspace__name", "reason"]
    date_hierarchy = "month"
    instead = {"granted_by": "giver"}

    @admin.display(description="granted by", ordering="granted_by__username")
    def giver(self, grant: Any) -> SafeString | str:
        user = grant.granted_by
        return link_to("auth_user", str(user.pk), user.get_username()) if user else self.get_empty_value_display()
