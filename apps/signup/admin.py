"""Sign-ups for the staff of an installation: to look at, without what their codes are checked by."""

from django.contrib import admin
from django.http import HttpRequest

from apps.signup.models import Signup


@admin.register(Signup)
class SignupAdmin(admin.ModelAdmin[Signup]):
    list_display = ["address", "workspace", "key_prefix", "created_at", "code_expires_at", "tries"]
    list_filter = [("workspace__verified_at", admin.EmptyFieldListFilter), "created_at"]
    list_select_related = ["workspace"]
    search_fields = ["address", "workspace__id"]
    date_hierarchy = "created_at"
    exclude = ["code_salt", "code_seal"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Signup | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Signup | None = None) -> bool:
        return False
