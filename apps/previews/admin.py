"""Previews for the staff of an installation: which were made, and which are still to be."""

from django.contrib import admin
from django.utils.safestring import SafeString

from apps.previews.models import Preview
from framelane.api.staff import ReadOnly
from framelane.api.staff_cells import link_to


@admin.register(Preview)
class PreviewAdmin(ReadOnly):
    list_display = ["subject_id", "subject", "state", "workspace_link", "attempts", "due_at", "created_at"]
    list_filter = ["status", ("due_at", admin.EmptyFieldListFilter), "created_at"]
    sought = ("subject_id",)
    search_help_text = "The whole id of a job or an asset, or part of the name or address of a workspace."
    list_select_related = ["workspace"]
    date_hierarchy = "created_at"
    instead = {"subject_id": "subject", "status": "state"}

    @admin.display(description="of")
    def subject(self, preview: Preview) -> SafeString:
        page = "uploads_asset" if preview.subject_id.startswith("asset_") else "jobs_job"
        return link_to(page, preview.subject_id, preview.subject_id)
