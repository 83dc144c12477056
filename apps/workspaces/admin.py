"""Workspaces and their people for the staff of an installation."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import Truncator

import apps.workspaces.staff_acts
import apps.workspaces.staff_people  # noqa: F401
from apps.workspaces.models import Erasure, Identity, Membership, Workspace
from framelane.api.staff import ReadOnly
from framelane.api.staff_cells import LINK_LENGTH, badge, link_to, readable

BELONGINGS: Final = {
    "Jobs": "jobs_job",
    "Assets": "uploads_asset",
    "Imports": "uploads_import",
    "Previews": "previews_preview",
    "API keys": "api_keys_apikey",
    "Webhooks": "webhooks_endpoint",
    "Deliveries": "webhooks_attempt",
    "Events": "events_event",
    "Mails": "mail_mail",
    "Members": "workspaces_membership",
    "Sign-ups": "signup_signup",
    "Usage": "billing_usagerecord",
    "Reservations": "billing_reservation",
    "Grants": "billing_grant",
    "Subscriptions": "billing_subscription",
    "Overage": "billing_overagereport",
    "Egress": "uploads_egressday",
}
"""Lists in which a workspace has rows, by their titles."""


class MembershipInline(admin.TabularInline[Membership, Workspace]):
    """The people of a workspace."""

    model = Membership
    fields = ("person", "role", "created_at")
    readonly_fields = fields
    extra = 0
    show_change_link = True

    @admin.display(description="user")
    def person(self, membership: Membership) -> SafeString:
        return link_to("auth_user", str(membership.user_id), membership.user.get_username())

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
class WorkspaceAdmin(ReadOnly):
    """`manage.py create_workspace` makes one, and its first key, too."""

    list_display = [
        "short_name",
        "id",
        "email",
        "plan",
        "standing",
        "verified_at",
        "created_at",
        "erasure_requested_at",
    ]
    list_display_links = ["short_name", "id"]
    list_filter = [
        "plan",
        "plan_status",
        ("verified_at", admin.EmptyFieldListFilter),
        ("erasure_requested_at", admin.EmptyFieldListFilter),
        "created_at",
    ]
    search_fields = ["id", "name", "email", "memberships__user__email"]
    search_help_text = "Part of an id, of a name, or of the address of the workspace or of one of its people."
    date_hierarchy = "created_at"
    inlines = [MembershipInline]
    instead = {"plan_status": "standing"}
    belongings = {
        **{title: (page, "workspace__id__exact") for title, page in BELONGINGS.items()},
        "Everything done to it": ("audit_auditentry", "workspace_id__exact"),
        "Erasure": ("workspaces_erasure", "workspace_id__exact"),
    }

    @admin.display(description="name", ordering="name")
    def short_name(self, workspace: Workspace) -> str:
        return Truncator(workspace.name).chars(LINK_LENGTH)

    @admin.display(description="payment", ordering="plan_status")
    def standing(self, workspace: Workspace) -> SafeString:
        return badge("failed", "cancelled") if workspace.plan_status == "cancelled" else badge(workspace.plan_status)


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    """Changes go through acts, which keep every workspace its owner."""

    list_display = ["person", "role", "workspace_link", "created_at"]
    list_display_links = ["created_at"]
    list_filter = ["role", "created_at"]
    list_select_related = ["user", "workspace"]
    search_fields = ["user__username", "user__email", "workspace__id", "workspace__name", "workspace__email"]
    date_hierarchy = "created_at"
    instead = {"user": "person"}

    @admin.display(description="user", ordering="user__username")
    def person(self, one: Any) -> SafeString:
        return link_to("auth_user", str(one.user_id), one.user.get_username())


@admin.register(Identity)
class IdentityAdmin(ReadOnly):
    list_display = ["subject", "person", "issuer", "created_at"]
    list_filter = ["created_at"]
    list_select_related = ["user"]
    search_fields = ["subject", "issuer", "user__username", "user__email"]
    date_hierarchy = "created_at"
    instead = {"user": "person"}

    @admin.display(description="user", ordering="user__username")
    def person(self, one: Any) -> SafeString:
        return link_to("auth_user", str(one.user_id), one.user.get_username())


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
