"""Mails for the staff of an installation: whether they went out, never what they say."""

from django.contrib import admin
from django.http import HttpRequest

from apps.mail.models import Mail


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin[Mail]):
    list_display = ["id", "template", "to", "workspace", "created_at", "due_at", "attempts", "sent_at", "given_up_at"]
    list_filter = [
        "template",
        ("sent_at", admin.EmptyFieldListFilter),
        ("given_up_at", admin.EmptyFieldListFilter),
        "created_at",
    ]
    list_select_related = ["workspace"]
    search_fields = ["to", "once", "workspace__id"]
    date_hierarchy = "created_at"
    exclude = ["context"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Mail | None = None) -> bool:
        return False
