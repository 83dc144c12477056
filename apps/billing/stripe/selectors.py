"""Reads of what is known here of payments. None of them asks Stripe."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Max

from apps.billing.periods import Period, month_of
from apps.billing.plans import overage_usd_per_minute
from apps.billing.selectors import granted_in, included_s, usage
from apps.billing.stripe.models import OverageReport, Subscription
from apps.billing.stripe.states import leading
from apps.workspaces.models import Plan, Workspace
from framelane.lib import clock

_SECONDS_PER_MINUTE = 60


def current_subscription(workspace_id: str) -> Subscription | None:
    """The subscription that a workspace has: the oldest live one, else the one that ended last, else None."""
    return leading(Subscription.objects.filter(workspace_id=workspace_id))


def overage_minutes(*, workspace_id: str, plan: str, month: Period, since: datetime, until: datetime) -> int:
    """Whole minutes above the plan's and the granted ones that a workspace used in `month`, from `since` to `until`.

    `until` is exclusive. What was used before `since` takes up the included minutes too, but is not charged. A minute
    counts when it is full, over the sum of all jobs; 0 for a plan that sells no minutes.
    """
    limit_s = included_s(plan, granted_in(workspace_id=workspace_id, month=month.start.date()))
    if limit_s is None or overage_usd_per_minute(plan) is None or until <= since:
        return 0
    before_s = max(Decimal(0), used_s(workspace_id, month.start, since) - limit_s)
    all_s = max(Decimal(0), used_s(workspace_id, month.start, until) - limit_s)
    return int((all_s - before_s) // _SECONDS_PER_MINUTE)


def used_s(workspace_id: str, start: datetime, end: datetime) -> Decimal:
    """Seconds of output in the ledger from `start` (inclusive) to `end` (exclusive)."""
    return usage(workspace_id=workspace_id, start=start, end=end).output_s


def overage_so_far(workspace: Workspace, subscription: Subscription | None) -> int:
    """Whole minutes of this month that are, or with a subscription would be, charged beside the plan's price."""
    if workspace.plan != Plan.PRO:
        return 0
    month = month_of(clock.now())
    since = max(month.start, subscription.started_at) if subscription else month.start
    minutes = overage_minutes(workspace_id=workspace.id, plan=workspace.plan, month=month, since=since, until=month.end)
    # What Stripe has counted stays on the invoice, whatever was granted afterwards.
    return max(minutes, reported_minutes(subscription.id, month)) if subscription else minutes


def reported_minutes(subscription_id: str, month: Period) -> int:
    """Up to which minute above the included ones of a month Stripe was told, or is about to be; 0 for none."""
    rows = OverageReport.objects.filter(subscription_id=subscription_id, month=month.start.date())
    return rows.aggregate(last=Max("to_minute"))["last"] or 0
