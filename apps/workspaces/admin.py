"""Workspaces and their people for the staff of an installation."""

from collections.abc import Callable
from typing import Final

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from apps.workspaces import members
from apps.workspaces.models import Erasure, Identity, Membership, Role, Workspace
from framelane.api.staff import LINK_LENGTH, Linked, ReadOnly, readable

BELONGINGS: Final = {
    "Jobs": "jobs_job",
    "Assets": "uploads_asset",
    "Imports": "uploads_import",
    "API keys": "api_keys_apikey",
    "Webhooks": "webhooks_endpoint",
    "Attempts at webhooks": "webhooks_attempt",
    "Events": "events_event",
    "Mails": "mail_mail",
    "Usage": "billing_usagerecord",
    "Reservations": "billing_reservation",
    "Egress": "uploads_egressday",
}
"""Lists in which a workspace has rows, by their titles."""


class MembershipInline(admin.TabularInline[Membership, Workspace]):
    """The people of a workspace."""

    model = Membership
    fields = ("user", "role", "created_at")
    readonly_fields = fields
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Workspace | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Workspace | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Workspace | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        # Each row shows its person.
        return super().get_queryset(request).select_related("user")


@admin.register(Workspace)
class WorkspaceAdmin(Linked):
    list_display = [
        "short_name",
        "id",
        "email",
        "plan",
        "plan_status",
        "verified_at",
        "created_at",
        "erasure_requested_at",
    ]
    list_filter = ["plan", "plan_status", ("verified_at", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["id", "name", "email", "memberships__user__email"]
    readonly_fields = ["id", "created_at", "erasure_requested_at", "belongings"]
    date_hierarchy = "created_at"
    inlines = [MembershipInline]

    @admin.display(description="name", ordering="name")
    def short_name(self, workspace: Workspace) -> str:
        return Truncator(workspace.name).chars(LINK_LENGTH)

    @admin.display(description="what it has")
    def belongings(self, workspace: Workspace) -> SafeString:
        links = [(reverse(f"admin:{page}_changelist"), workspace.id, title) for title, page in BELONGINGS.items()]
        return format_html_join(" · ", '<a href="{}?workspace__id__exact={}">{}</a>', links)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody could enter it: `manage.py create_workspace` makes its first key, too."""
        return False


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    """Changes go through the actions, which keep every workspace its owner."""

    list_display = ["user", "role", "workspace_link", "created_at"]
    list_filter = ["role", "created_at"]
    list_select_related = ["user", "workspace"]
    search_fields = ["user__username", "user__email", "workspace__id", "workspace__name", "workspace__email"]
    date_hierarchy = "created_at"
    actions = ["make_owner", "make_member", "remove"]

    def has_actions_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("workspaces.change_membership")

    @admin.action(description="Make the selected people owners", permissions=["actions"])
    def make_owner(self, request: HttpRequest, chosen: QuerySet[Membership]) -> None:
        self._each(request, chosen, _promote)

    @admin.action(description="Make the selected people ordinary members", permissions=["actions"])
    def make_member(self, request: HttpRequest, chosen: QuerySet[Membership]) -> None:
        self._each(request, chosen, _demote)

    @admin.action(description="Remove the selected people from their workspaces", permissions=["actions"])
    def remove(self, request: HttpRequest, chosen: QuerySet[Membership]) -> None:
        self._each(request, chosen, _remove)

    def _each(self, request: HttpRequest, chosen: QuerySet[Membership], change: Callable[[Membership], None]) -> None:
        for membership in chosen.select_related("workspace", "user"):
            try:
                change(membership)
            except members.MemberRefused as reason:
                self.message_user(request, str(reason), messages.ERROR)


@admin.register(Identity)
class IdentityAdmin(ReadOnly):
    list_display = ["user", "issuer", "subject", "created_at"]
    list_filter = ["issuer", "created_at"]
    list_select_related = ["user"]
    search_fields = ["subject", "user__username", "user__email"]
    date_hierarchy = "created_at"


@admin.register(Erasure)
class ErasureAdmin(ReadOnly):
    list_display = ["workspace_id", "requested_at", "completed_at", "objects_deleted", "failures"]
    list_filter = [("completed_at", admin.EmptyFieldListFilter), "requested_at"]
    search_fields = ["workspace_id"]
    date_hierarchy = "requested_at"
    instead = {"rows_deleted": "readable_rows"}

    @admin.display(description="rows deleted")
    def readable_rows(self, erasure: Erasure) -> SafeString:
        return readable(erasure.rows_deleted)


def _promote(one: Membership) -> None:
    members.change_role(workspace=one.workspace, user=one.user, role=Role.OWNER)


def _demote(one: Membership) -> None:
    members.change_role(workspace=one.workspace, user=one.user, role=Role.MEMBER)


def _remove(one: Membership) -> None:
    members.remove_member(workspace=one.workspace, user=one.user)
