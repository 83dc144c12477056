"""Workspaces for the staff of an installation."""

from django.contrib import admin

from apps.workspaces.models import Workspace


@admin.register(Workspace)
class WorkspaceAdmin(admin.ModelAdmin[Workspace]):
    list_display = ["name", "id", "email", "plan", "plan_status", "verified_at", "created_at"]
    list_filter = ["plan", "plan_status", ("verified_at", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["id", "name", "email"]
    readonly_fields = ["id", "created_at"]
    date_hierarchy = "created_at"
