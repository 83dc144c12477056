"""Assets and imports for the staff of an installation: to look at, and to look for."""

from django.contrib import admin
from django.http import HttpRequest

from apps.uploads.models import Asset, EgressDay, Import
from framelane.lib.net import shown


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


@admin.register(Import)
class ImportAdmin(admin.ModelAdmin[Import]):
    list_display = ["id", "workspace", "address", "requested", "status", "attempts", "due_at", "created_at", "ended_at"]
    list_filter = ["status", "requested", "created_at"]
    list_select_related = ["workspace"]
    search_fields = ["id", "key", "filename", "asset__id", "workspace__id", "workspace__name"]
    date_hierarchy = "created_at"
    # Without `url`: its query may be somebody's permission to read.
    fields = [
        "id",
        "workspace",
        "address",
        "filename",
        "key",
        "requested",
        "status",
        "asset",
        "error",
        "attempts",
        "due_at",
        "created_at",
        "ended_at",
    ]

    @admin.display(ordering="url")
    def address(self, row: Import) -> str:
        """Where it comes from, without the query."""
        return shown(row.url)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Import | None = None) -> bool:
        return False


@admin.register(EgressDay)
class EgressDayAdmin(admin.ModelAdmin[EgressDay]):
    """What was given out, to look at and never to change."""

    list_display = ["day", "workspace", "bytes"]
    list_filter = ["day"]
    list_select_related = ["workspace"]
    search_fields = ["workspace__id", "workspace__name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: EgressDay | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: EgressDay | None = None) -> bool:
        return False
