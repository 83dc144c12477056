"""API keys for the staff of an installation. Keys are made by their owners: the admin can only revoke them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.api_keys import services
from apps.api_keys.models import ApiKey
from framelane.api.staff import ReadOnly
from framelane.api.staff_acts import Act, Changes, offer
from framelane.api.staff_cells import badge, link_to
from framelane.lib import clock


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly):
    list_display = [
        "key_prefix",
        "name",
        "state",
        "workspace_link",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    ]
    list_filter = [
        ("revoked_at", admin.EmptyFieldListFilter),
        ("last_used_at", admin.EmptyFieldListFilter),
        "created_at",
        "expires_at",
    ]
    list_select_related = ["workspace"]
    search_fields = ["id", "key_prefix", "name", "workspace__id", "workspace__name", "workspace__email"]
    search_help_text = "Part of an id, of the beginning of a key, of its name or of its workspace."
    date_hierarchy = "created_at"
    hidden = ("key_hash",)
    instead = {"replaced_by": "successor"}

    @admin.display(description="status")
    def state(self, key: ApiKey) -> SafeString:
        if key.revoked_at is not None:
            return badge("revoked")
        return badge("active") if key.is_active(clock.now()) else badge("expired")

    @admin.display(description="replaced by")
    def successor(self, key: ApiKey) -> SafeString | str:
        found = key.replaced_by_id
        return link_to("api_keys_apikey", found, found) if found else self.get_empty_value_display()


def _revoke(request: HttpRequest, key: ApiKey, answers: dict[str, Any]) -> Changes:
    services.revoke_key(key=key)
    return None


offer(
    ApiKey,
    Act(
        name="revoke",
        label="Revoke",
        action="api_key.revoke",
        permission="api_keys.change_apikey",
        question="These keys stop working at once, for ever. Their owners have to make new ones.",
        run=_revoke,
        can=lambda key: key.revoked_at is None,
        watched=("revoked_at",),
        is_dangerous=True,
        done="revoked",
    ),
)
