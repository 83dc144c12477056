"""Assets and imports for the staff of an installation: to look at, and to look for."""

from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString

from apps.uploads.models import Asset, EgressDay, Import
from framelane.api.staff import ReadOnly
from framelane.api.staff_cells import badge, length, link_to, megabytes, readable
from framelane.lib.net import shown


@admin.register(Asset)
class AssetAdmin(ReadOnly):
    list_display = [
        "id",
        "workspace_link",
        "filename",
        "kind",
        "state",
        "size",
        "how_long",
        "created_at",
        "received_at",
    ]
    list_filter = ["status", "kind", "created_at"]
    list_select_related = ["workspace"]
    sought = ("id", "key")
    sought_within = ("filename",)
    search_help_text = (
        "The whole id or key of an asset, or part of the name or address of a workspace; "
        "in the list of one workspace part of a file's name."
    )
    date_hierarchy = "created_at"
    # With a bucket, the session's handle is a permission to write.
    hidden = ("handle",)
    instead = {
        "status": "state",
        "source": "origin_address",
        "size_bytes": "size",
        "duration": "how_long",
        "info": "readable_info",
        "error": "readable_error",
    }
    belongings = {
        "Imports": ("uploads_import", "asset__id__exact"),
        "Preview": ("previews_preview", "subject_id__exact"),
    }

    @admin.display(description="source", ordering="source")
    def origin_address(self, asset: Asset) -> str:
        """Where it was copied from, without the query."""
        return shown(asset.source) or self.get_empty_value_display()

    @admin.display(description="size", ordering="size_bytes")
    def size(self, asset: Asset) -> str:
        return megabytes(asset.size_bytes)

    @admin.display(description="length", ordering="duration")
    def how_long(self, asset: Asset) -> str:
        return length(asset.duration)

    @admin.display(description="what was found in it")
    def readable_info(self, asset: Asset) -> SafeString:
        return readable(asset.info)

    @admin.display(description="error")
    def readable_error(self, asset: Asset) -> SafeString:
        return readable(asset.error)


@admin.register(Import)
class ImportAdmin(ReadOnly):
    list_display = [
        "id",
        "workspace_link",
        "address",
        "requested",
        "state",
        "asset_link",
        "attempts",
        "due_at",
        "created_at",
        "ended_at",
    ]
    list_filter = ["status", "requested", "created_at"]
    list_select_related = ["workspace"]
    sought = ("id", "key")
    search_help_text = "The whole id or key of an import, or part of the name or address of a workspace."
    date_hierarchy = "created_at"
    # The query may be somebody's permission to read.
    hidden = ("url_digest",)
    instead = {"url": "address", "status": "state", "asset": "asset_link"}

    @admin.display(ordering="url")
    def address(self, row: Import) -> str:
        """Where it comes from, without the query."""
        return shown(row.url)

    @admin.display(description="status", ordering="status")
    def state(self, row: Any) -> SafeString:
        return badge("ready", "stored") if row.status == "stored" else badge(row.status)

    @admin.display(description="asset")
    def asset_link(self, row: Any) -> SafeString | str:
        found = row.asset_id
        return link_to("uploads_asset", found, found) if found else self.get_empty_value_display()


@admin.register(EgressDay)
class EgressDayAdmin(ReadOnly):
    """What was given out, to look at and never to change."""

    date_hierarchy = "day"
    list_display = ["day", "workspace_link", "size"]
    list_filter = ["day"]
    list_select_related = ["workspace"]
    search_fields = ["workspace__id", "workspace__name"]

    @admin.display(description="given out", ordering="bytes")
    def size(self, row: EgressDay) -> str:
        return megabytes(row.bytes)
