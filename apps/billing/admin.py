"""The usage ledger and what is reserved, for the staff of an installation: to look at, never to change."""

from django.contrib import admin

import apps.billing.stripe.admin  # noqa: F401
from apps.billing.models import Reservation, UsageRecord
from framelane.api.staff import ReadOnly


@admin.register(UsageRecord)
class UsageRecordAdmin(ReadOnly):
    list_display = ["id", "job_link", "workspace_link", "kind", "output_s", "created_at"]
    list_filter = ["kind", "created_at"]
    search_fields = ["job_id", "workspace__id", "workspace__name"]
    list_select_related = ["workspace"]
    date_hierarchy = "created_at"
    instead = {"job_id": "job_link"}


@admin.register(Reservation)
class ReservationAdmin(ReadOnly):
    """What nobody will use is freed by the sweep of jobs."""

    list_display = ["id", "job_link", "workspace_link", "output_s", "created_at"]
    list_filter = ["created_at"]
    search_fields = ["job_id", "workspace__id", "workspace__name"]
    list_select_related = ["workspace"]
    instead = {"job_id": "job_link"}
