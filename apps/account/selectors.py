"""What a workspace has used."""

from datetime import datetime, timedelta
from decimal import Decimal

from apps.account.schemas import UsageOut, UsagePeriod
from apps.billing.periods import Period, month_of
from apps.billing.selectors import limit_minutes, usage
from apps.uploads.egress import egress_bytes
from apps.workspaces.models import Workspace
from framelane.lib import clock

_DAYS = {UsagePeriod.LAST_7_DAYS: 7, UsagePeriod.LAST_30_DAYS: 30, UsagePeriod.LAST_90_DAYS: 90}
_TEN_THOUSANDTH = Decimal("0.0001")


def usage_of(workspace: Workspace, period: UsagePeriod) -> UsageOut:
    """Sums over whole days, today included."""
    days = period_of(period, clock.now())
    used = usage(workspace_id=workspace.id, start=days.start, end=days.end)
    return UsageOut(
        period_start=days.start,
        period_end=days.end,
        render_minutes=minutes(used.output_s),
        render_minutes_limit=limit_minutes(workspace),
        renders_count=used.renders_count,
        task_count=used.task_count,
        egress_bytes=egress_bytes(workspace_id=workspace.id, start=days.start.date(), end=days.end.date()),
    )


def period_of(period: UsagePeriod, now: datetime) -> Period:
    """The days of a period, from a midnight in UTC (inclusive) to another (exclusive)."""
    if period == UsagePeriod.CURRENT:
        return month_of(now)
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Period(tomorrow - timedelta(days=_DAYS[period]), tomorrow)


def minutes(seconds: Decimal) -> float:
    """Minutes to four decimals: 12 s are exactly 0.2."""
    return float((seconds / 60).quantize(_TEN_THOUSANDTH))
