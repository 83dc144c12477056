"""The usage ledger and what is reserved, for the staff of an installation: to look at, never to change."""

from django.contrib import admin
from django.http import HttpRequest

import apps.billing.stripe.admin  # noqa: F401
from apps.billing.models import Reservation, UsageRecord


@admin.register(UsageRecord)
class UsageRecordAdmin(admin.ModelAdmin[UsageRecord]):
    list_display = ["job_id", "workspace", "kind", "output_s", "created_at"]
    list_filter = ["kind", "created_at"]
    search_fields = ["job_id", "workspace__id"]
    list_select_related = ["workspace"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: UsageRecord | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: UsageRecord | None = None) -> bool:
        return False


@admin.register(Reservation)
class ReservationAdmin(admin.ModelAdmin[Reservation]):
    """What nobody will use is freed by the sweep of jobs."""

    list_display = ["job_id", "workspace", "output_s", "created_at"]
    list_filter = ["created_at"]
    search_fields = ["job_id", "workspace__id"]
    list_select_related = ["workspace"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Reservation | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Reservation | None = None) -> bool:
        return False
