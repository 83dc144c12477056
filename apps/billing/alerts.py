"""Tells a workspace that its month's minutes run out: at four fifths, and when they are used up."""

import logging
from decimal import Decimal

from django.core.exceptions import ValidationError

from apps.billing.selectors import Allowance, allowance_of
from apps.mail.services import queue_mail
from apps.mail.texts import day
from apps.workspaces.models import Workspace

log = logging.getLogger(__name__)

TEMPLATES = {100: "quota_100", 80: "quota_80"}
"""Mails by the percentage that they tell of, the highest first: who crosses both at once hears of that."""


def notice(*, workspace: Workspace, latest_s: Decimal) -> None:
    """After `latest_s` have been entered, queue a mail when they crossed a threshold, once in a month for each.

    Belongs into the transaction of the entry, under the workspace's lock.
    """
    if latest_s <= 0:
        return
    allowance = allowance_of(workspace)
    if percent := _crossed(allowance, latest_s):
        _tell(workspace, allowance, percent)


def _crossed(allowance: Allowance, latest_s: Decimal) -> int | None:
    if not allowance.included_s:
        return None
    for percent in TEMPLATES:
        threshold_s = allowance.included_s * percent / 100
        if allowance.used_s - latest_s < threshold_s <= allowance.used_s:
            return percent
    return None


def _more(allowance: Allowance) -> str:
    """Whoever was granted more is told again when that runs out, too."""
    return f":{allowance.included_s:.0f}" if allowance.granted_s else ""


def _tell(workspace: Workspace, allowance: Allowance, percent: int) -> None:
    context = {
        "workspace_name": workspace.name,
        "used_minutes": f"{allowance.used_s / 60:.1f}",
        "limit_minutes": f"{(allowance.included_s or 0) / 60:.0f}",
        "period_end": day(allowance.month.end),
    }
    once = f"{TEMPLATES[percent]}:{workspace.id}:{allowance.month.start:%Y-%m}{_more(allowance)}"
    try:
        queue_mail(to=workspace.email, template=TEMPLATES[percent], context=context, workspace=workspace, once=once)
    except ValidationError:
        # An address that staff mistyped must not keep a job from being completed.
        log.warning("%s has no address that its mail could go to", workspace.id)
