"""Erasing a workspace as the staff of an installation: the whole of it, its objects and its customer at Stripe too."""

from typing import Any

from django import forms
from django.http import HttpRequest

from apps.account.erasure import request_erasure
from apps.workspaces.models import Workspace
from framelane.api.staff_acts import Act, ActRefused, Changes, Reasoned, offer


class Surely(Reasoned):
    confirm = forms.CharField(max_length=100, label="Its id, to be sure")
    field_order = ["confirm", "reason"]


def _erase(request: HttpRequest, workspace: Workspace, answers: dict[str, Any]) -> Changes:
    if answers["confirm"].strip() != workspace.id:
        raise ActRefused(f"{answers['confirm']!r} was typed, which is not its id.")
    request_erasure(workspace=workspace)
    return None


offer(
    Workspace,
    Act(
        name="erase",
        label="Erase",
        action="workspace.erase",
        permission="workspaces.delete_workspace",
        question="It stops working at once. Everything that belongs to it is deleted for ever: media, jobs, keys, "
        "webhooks, its customer at Stripe. The list of erasures tells when that is complete.",
        run=_erase,
        form=Surely,
        can=lambda workspace: workspace.erasure_requested_at is None,
        watched=("erasure_requested_at",),
        is_dangerous=True,
        is_for_one=True,
        done="shut; its erasure has begun",
    ),
)
