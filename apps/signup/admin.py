"""Sign-ups for the staff of an installation: to look at, without what their codes are checked by."""

from django.contrib import admin

from apps.signup.models import Signup
from framelane.api.staff import ReadOnly


@admin.register(Signup)
class SignupAdmin(ReadOnly):
    list_display = ["address", "workspace_link", "is_verified", "key_prefix", "created_at", "code_expires_at", "tries"]
    list_filter = [("workspace__verified_at", admin.EmptyFieldListFilter), "is_decoy", "created_at"]
    list_select_related = ["workspace"]
    search_fields = ["address", "key_prefix", "workspace__id", "workspace__name"]
    search_help_text = "Part of an address, of the beginning of a key, or of the id or name of a workspace."
    date_hierarchy = "created_at"
    hidden = ("code_salt", "code_seal")

    @admin.display(description="verified", boolean=True)
    def is_verified(self, signup: Signup) -> bool:
        return signup.workspace.verified_at is not None
