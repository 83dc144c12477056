"""Who may have something made: the terms of a plan, as answers and refusals."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from apps.billing.selectors import Allowance
from apps.workspaces.models import PlanStatus, Workspace
from framelane.api.errors import quota_exceeded
from framelane.lib import clock

_READ_ONLY = "so this workspace is read-only: what is there can be read and downloaded, but nothing be added."


class Unaffordable(Exception):
    """A job would make more than is left. `left_s` counts what the job has reserved itself."""

    def __init__(self, allowance: Allowance, left_s: Decimal) -> None:
        super().__init__(f"{left_s} s are left on the {allowance.plan} plan")
        self.allowance = allowance
        self.left_s = left_s


def require_writable(workspace: Workspace) -> None:
    """Raises ApiError 402 when payment is overdue for longer than the grace, or was given up."""
    if reason := _why_read_only(workspace):
        since = workspace.past_due_since
        details = {"plan_status": workspace.plan_status, "past_due_since": since.isoformat() if since else None}
        raise quota_exceeded(reason, details)


def _why_read_only(workspace: Workspace) -> str:
    if workspace.plan_status == PlanStatus.CANCELLED:
        return (
            f"The subscription ended because it was not paid, {_READ_ONLY} "
            "Choose a plan on the billing page, or with POST /v1/billing/checkout."
        )
    if workspace.plan_status != PlanStatus.PAST_DUE or workspace.past_due_since is None:
        return ""
    grace_days = settings.FRAMELANE_PAST_DUE_GRACE_DAYS
    if clock.now() <= workspace.past_due_since + timedelta(days=grace_days):
        return ""
    return (
        f"A payment has been overdue since {workspace.past_due_since:%Y-%m-%d}, which is more than "
        f"{grace_days} days, {_READ_ONLY} Settle it on the billing page, or with POST /v1/billing/portal."
    )


def require_affordable(allowance: Allowance, output_s: Decimal) -> None:
    """Raises ApiError 402 when `output_s` more would go beyond a plan that has an end."""
    if allowance.affords(output_s):
        return
    figures = _minutes(allowance, output_s)
    raise quota_exceeded(
        f"{_what_is_included(allowance, figures['limit_minutes'])} "
        f"{figures['used_minutes']:.2f} are used, {figures['reserved_minutes']:.2f} reserved by jobs that have not "
        f"ended, and this job asks for {figures['requested_minutes']:.2f}. "
        f"More come on {allowance.month.end:%Y-%m-%d}, or at once with a larger plan: POST /v1/billing/checkout.",
        {**figures, "resets_at": allowance.month.end.isoformat().replace("+00:00", "Z")},
    )


def _what_is_included(allowance: Allowance, limit_minutes: float) -> str:
    if not allowance.granted_s:
        return f"The {allowance.plan} plan includes {limit_minutes:g} render-minutes a month."
    return (
        f"The {allowance.plan} plan and what was granted beside it include {limit_minutes:g} render-minutes this month."
    )


def _minutes(allowance: Allowance, output_s: Decimal) -> Mapping[str, Any]:
    seconds = {
        "limit_minutes": allowance.included_s or Decimal(0),
        "used_minutes": allowance.used_s,
        "reserved_minutes": allowance.reserved_s,
        "requested_minutes": output_s,
    }
    return {name: round(float(value_s / 60), 4) for name, value_s in seconds.items()}
