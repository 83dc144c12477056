"""Events for the staff of an installation: to look at, never to change."""

from django.contrib import admin
from django.http import HttpRequest

from apps.events.models import Event


@admin.register(Event)
class EventAdmin(admin.ModelAdmin[Event]):
    list_display = ["id", "type", "workspace", "created_at", "relayed_at", "failures"]
    list_filter = ["type", ("relayed_at", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["id", "workspace__id"]
    list_select_related = ["workspace"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False
