"""Assets for the staff of an installation: to look at, and to look for."""

from django.contrib import admin
from django.http import HttpRequest

from apps.uploads.models import Asset


@admin.register(Asset)
class AssetAdmin(admin.ModelAdmin[Asset]):
    list_display = ["id", "workspace", "filename", "kind", "status", "size_bytes", "created_at", "received_at"]
    list_filter = ["status", "kind", "content_type", "created_at"]
    list_select_related = ["workspace"]
    search_fields = ["id", "key", "filename", "workspace__id", "workspace__name"]
    date_hierarchy = "created_at"
    # Without `handle`: with a bucket, the session's handle is a permission to write.
    readonly_fields = [
        "id",
        "key",
        "created_at",
        "received_at",
        "origin",
        "total_bytes",
        "probe_due_at",
        "probe_attempt",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Asset | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Asset | None = None) -> bool:
        return False
