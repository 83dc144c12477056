"""The audit log: to look at and to look through. Nobody changes it, whatever their rights."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.safestring import SafeString

from apps.audit.models import AuditEntry
from framelane.api.staff import ReadOnly
from framelane.api.staff_cells import link_to, readable


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ["created_at", "actor_name", "action", "object_link", "workspace", "reason", "client_address"]
    list_filter = ["created_at", "action", ("actor", admin.RelatedOnlyFieldListFilter)]
    sought = ("object_id", "workspace_id", "action", "request_id")
    search_help_text = "The whole id of an object, of a workspace or of a request, or an action."
    date_hierarchy = "created_at"
    instead = {
        "changes": "readable_changes",
        "object_id": "object_link",
        "workspace_id": "workspace",
        "actor": "actor_link",
    }

    @admin.display(description="object")
    def object_link(self, entry: AuditEntry) -> SafeString | str:
        """Where it may still be: an entry outlives what it tells of."""
        text = f"{entry.object_type.rpartition('.')[2]} {entry.object_id}".strip()
        try:
            page = apps.get_model(entry.object_type)._meta
            return link_to(f"{page.app_label}_{page.model_name}", entry.object_id, text)
        except (LookupError, ValueError, NoReverseMatch):
            return text or self.get_empty_value_display()

    @admin.display(description="workspace", ordering="workspace_id")
    def workspace(self, entry: AuditEntry) -> SafeString | str:
        found = entry.workspace_id
        return link_to("workspaces_workspace", found, found) if found else self.get_empty_value_display()

    @admin.display(description="actor")
    def actor_link(self, entry: AuditEntry) -> SafeString | str:
        found = entry.actor_id
        return link_to("auth_user", str(found), entry.actor_name) if found else self.get_empty_value_display()

    @admin.display(description="changes")
    def readable_changes(self, entry: AuditEntry) -> SafeString:
        return readable(entry.changes)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [name for name in super().get_fields(request, obj) if name != "leads_to"]
