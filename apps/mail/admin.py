"""Mails for the staff of an installation: whether they went out, never what they say."""

from django.contrib import admin

from apps.mail.models import Mail
from framelane.api.staff import ReadOnly


@admin.register(Mail)
class MailAdmin(ReadOnly):
    list_display = [
        "id",
        "template",
        "to",
        "workspace_link",
        "created_at",
        "due_at",
        "attempts",
        "sent_at",
        "given_up_at",
    ]
    list_filter = [
        "template",
        ("sent_at", admin.EmptyFieldListFilter),
        ("given_up_at", admin.EmptyFieldListFilter),
        "created_at",
    ]
    list_select_related = ["workspace"]
    search_fields = ["to", "once", "workspace__id", "workspace__name"]
    date_hierarchy = "created_at"
    hidden = ("context",)
