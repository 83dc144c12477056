"""Mails for the staff of an installation: whether they went out, never what they say."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from apps.mail.kinds import KINDS
from apps.mail.models import Mail
from apps.mail.resending import NotSendable, is_sendable, resend
from framelane.api.staff import ReadOnly
from framelane.api.staff_acts import Act, Changes, Confirmation, offer
from framelane.api.staff_cells import badge
from framelane.api.staff_filters import among


@admin.register(Mail)
class MailAdmin(ReadOnly):
    list_display = [
        "id",
        "template",
        "state",
        "to",
        "workspace_link",
        "created_at",
        "due_at",
        "attempts",
        "sent_at",
        "given_up_at",
    ]
    list_filter = [
        among("template", "template", KINDS),
        ("sent_at", admin.EmptyFieldListFilter),
        ("given_up_at", admin.EmptyFieldListFilter),
        "created_at",
    ]
    list_select_related = ["workspace"]
    search_fields = ["to", "once", "workspace__id", "workspace__name"]
    search_help_text = "Part of an address, or of the id or name of a workspace."
    date_hierarchy = "created_at"
    hidden = ("context",)

    @admin.display(description="status")
    def state(self, mail: Mail) -> SafeString:
        if mail.sent_at is not None:
            return badge("sent")
        return badge("given up") if mail.given_up_at is not None else badge("waiting")


def _resend(request: HttpRequest, mail: Mail, answers: dict[str, Any]) -> Changes:
    resend(mail=mail)
    return {"template": mail.template}


offer(
    Mail,
    Act(
        name="resend",
        label="Send now",
        action="mail.resend",
        permission="mail.change_mail",
        question="Mails that wait for another attempt, or were given up, go out at once. Codes cannot be sent again: "
        "people ask for new ones.",
        run=_resend,
        form=Confirmation,
        can=is_sendable,
        watched=("given_up_at",),
        refusals=(NotSendable,),
        done="put on their way",
    ),
)
