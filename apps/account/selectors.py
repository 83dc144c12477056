"""What a workspace has used."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from apps.account.schemas import UsageOut, UsagePeriod
from apps.billing.periods import Period, month_of
from apps.billing.selectors import NOTHING_USED, Usage, limit_minutes, usage, usage_by_day
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
        egress_bytes=given_out(workspace, period),
    )


@dataclass(frozen=True, slots=True)
class DayOfUse:
    """What was made on one day (UTC)."""

    day: date
    used: Usage

    @property
    def minutes(self) -> float:
        return minutes(self.used.output_s)


def days_of(workspace: Workspace, period: UsagePeriod) -> list[DayOfUse]:
    """Every day of a period, the first one first, also those on which nothing was made."""
    days = period_of(period, clock.now())
    used = usage_by_day(workspace_id=workspace.id, start=days.start, end=days.end)
    count = (days.end - days.start).days
    each = (days.start.date() + timedelta(days=number) for number in range(count))
    return [DayOfUse(day, used.get(day, NOTHING_USED)) for day in each]


def given_out(workspace: Workspace, period: UsagePeriod) -> int:
    """Bytes of the workspace's media that signed addresses gave out in a period."""
    days = period_of(period, clock.now())
    return egress_bytes(workspace_id=workspace.id, start=days.start.date(), end=days.end.date())


def period_of(period: UsagePeriod, now: datetime) -> Period:
    """The days of a period, from a midnight in UTC (inclusive) to another (exclusive)."""
    if period == UsagePeriod.CURRENT:
        return month_of(now)
    tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Period(tomorrow - timedelta(days=_DAYS[period]), tomorrow)


def minutes(seconds: Decimal) -> float:
    """Minutes to four decimals: 12 s are exactly 0.2."""
    return float((seconds / 60).quantize(_TEN_THOUSANDTH))
