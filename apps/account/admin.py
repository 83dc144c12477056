"""Deleting a workspace as the staff of an installation: the whole of it, its objects and its customer at Stripe too."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.account.erasure import request_erasure
from apps.workspaces.admin import WorkspaceAdmin
from apps.workspaces.models import Workspace

admin.site.unregister(Workspace)


@admin.register(Workspace)
class ErasingWorkspaceAdmin(WorkspaceAdmin):
    """To delete is to request the erasure: rows that went at once would leave their objects behind."""

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        chosen = list(objs)
        names = [f"{one}, and everything that belongs to it: media, jobs, keys and webhooks" for one in chosen]
        return names, {"workspaces": len(chosen)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Workspace) -> None:
        request_erasure(workspace=obj)
        text = f"The erasure of {obj.id} has begun; the list of erasures tells when it is complete."
        self.message_user(request, text, messages.INFO)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Workspace]) -> None:
        for workspace in queryset:
            self.delete_model(request, workspace)
