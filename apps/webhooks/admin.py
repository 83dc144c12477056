"""Webhooks for the staff of an installation: what is sent where, and what came of it. Secrets are not shown."""

from django.contrib import admin
from django.http import HttpRequest

from apps.webhooks.models import Attempt, Endpoint


@admin.register(Endpoint)
class EndpointAdmin(admin.ModelAdmin[Endpoint]):
    list_display = ["id", "workspace", "url", "enabled", "disabled_reason", "failures", "last_delivery_at"]
    list_filter = ["enabled", "disabled_reason", "created_at"]
    search_fields = ["id", "url", "workspace__id", "workspace__name"]
    list_select_related = ["workspace"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Endpoint | None = None) -> bool:
        return False


@admin.register(Attempt)
class AttemptAdmin(admin.ModelAdmin[Attempt]):
    list_display = ["delivery_id", "number", "status", "event_type", "workspace", "receiver", "status_code", "due_at"]
    list_filter = ["status", "message__type", "created_at"]
    search_fields = ["id", "delivery_id", "job_id", "message__event_id", "workspace__id", "endpoint__id"]
    list_select_related = ["workspace", "message", "endpoint"]
    date_hierarchy = "created_at"

    @admin.display(description="event", ordering="message__type")
    def event_type(self, attempt: Attempt) -> str:
        return attempt.message.type

    @admin.display(description="receiver")
    def receiver(self, attempt: Attempt) -> str:
        return attempt.endpoint.url if attempt.endpoint else attempt.url

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Attempt | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Attempt | None = None) -> bool:
        return False
