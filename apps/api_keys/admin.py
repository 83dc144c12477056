"""API keys for the staff of an installation. Keys are made by their owners: the admin can only revoke or limit them."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.api_keys import services
from apps.api_keys.models import ApiKey
from framelane.api.staff import Linked


@admin.register(ApiKey)
class ApiKeyAdmin(Linked):
    list_display = ["key_prefix", "name", "workspace_link", "created_at", "last_used_at", "expires_at", "revoked_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter), "created_at", "last_used_at"]
    list_select_related = ["workspace"]
    search_fields = ["id", "key_prefix", "name", "workspace__id", "workspace__name", "workspace__email"]
    readonly_fields = [
        "id",
        "workspace",
        "key_prefix",
        "replaced_by",
        "created_at",
        "last_used_at",
        "revoked_at",
    ]
    date_hierarchy = "created_at"
    actions = ["revoke"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    @admin.action(description="Revoke the selected keys", permissions=["change"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiKey]) -> None:
        for key in chosen:
            services.revoke_key(key=key)
