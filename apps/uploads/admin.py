"""Assets and imports for the staff of an installation: to look at, and to look for."""

from django.contrib import admin

from apps.uploads.models import Asset, EgressDay, Import
from framelane.api.staff import ReadOnly
from framelane.lib.net import shown


@admin.register(Asset)
class AssetAdmin(ReadOnly):
    list_display = ["id", "workspace_link", "filename", "kind", "status", "size_bytes", "created_at", "received_at"]
    list_filter = ["status", "kind", "content_type", "created_at"]
    list_select_related = ["workspace"]
    search_fields = ["id", "key", "filename", "workspace__id", "workspace__name"]
    date_hierarchy = "created_at"
    # With a bucket, the session's handle is a permission to write.
    hidden = ("handle",)
    instead = {"source": "origin_address"}

    @admin.display(description="source", ordering="source")
    def origin_address(self, asset: Asset) -> str:
        """Where it was copied from, without the query."""
        return shown(asset.source) or self.get_empty_value_display()


@admin.register(Import)
class ImportAdmin(ReadOnly):
    list_display = [
        "id",
        "workspace_link",
        "address",
        "requested",
        "status",
        "attempts",
        "due_at",
        "created_at",
        "ended_at",
    ]
    list_filter = ["status", "requested", "created_at"]
    list_select_related = ["workspace"]
    search_fields = ["id", "key", "filename", "asset__id", "workspace__id", "workspace__name"]
    date_hierarchy = "created_at"
    # The query may be somebody's permission to read.
    hidden = ("url_digest",)
    instead = {"url": "address"}

    @admin.display(ordering="url")
    def address(self, row: Import) -> str:
        """Where it comes from, without the query."""
        return shown(row.url)


@admin.register(EgressDay)
class EgressDayAdmin(ReadOnly):
    """What was given out, to look at and never to change."""

    date_hierarchy = "day"
    list_display = ["day", "workspace_link", "bytes"]
    list_filter = ["day"]
    list_select_related = ["workspace"]
    search_fields = ["workspace__id", "workspace__name"]
