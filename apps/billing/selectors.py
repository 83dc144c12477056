"""Reads of the usage ledger and of what is reserved beside it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, TruncDate

from apps.billing.models import Grant, Reservation, UsageRecord
from apps.billing.periods import Period, month_of
from apps.billing.plans import plan_facts
from apps.workspaces.models import Workspace
from framelane.lib import clock

RENDER = "render"
_NOTHING = Decimal(0)
_MILLISECOND = Decimal("0.001")
_SECONDS: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=15, decimal_places=3)


def ledger_s(seconds: float) -> Decimal:
    """A length as the ledger keeps it: to the millisecond."""
    return Decimal(str(seconds)).quantize(_MILLISECOND)


# --- What was used --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Usage:
    """Sums over a period. `output_s` counts the seconds of renders and tasks together."""

    output_s: Decimal
    renders_count: int
    task_count: int


NOTHING_USED = Usage(_NOTHING, 0, 0)


def usage(*, workspace_id: str, start: datetime, end: datetime) -> Usage:
    """What a workspace used from `start` (inclusive) to `end` (exclusive)."""
    is_render = Q(kind=RENDER)
    sums = UsageRecord.objects.filter(workspace_id=workspace_id, created_at__gte=start, created_at__lt=end).aggregate(
        total_s=Sum("output_s"),
        renders=Count("id", filter=is_render),
        tasks=Count("id", filter=~is_render),
    )
    return Usage(
        output_s=sums["total_s"] or _NOTHING,
        renders_count=sums["renders"],
        task_count=sums["tasks"],
    )


def usage_by_day(*, workspace_id: str, start: datetime, end: datetime) -> dict[date, Usage]:
    """The same for each day (UTC) on which anything was used."""
    is_render = Q(kind=RENDER)
    records = UsageRecord.objects.filter(workspace_id=workspace_id, created_at__gte=start, created_at__lt=end)
    days = records.annotate(day=_DayInUtc("created_at", tzinfo=UTC)).values("day").order_by("day")
    sums = days.annotate(
        total_s=Sum("output_s"),
        renders=Count("id", filter=is_render),
        tasks=Count("id", filter=~is_render),
    )
    return {row["day"]: Usage(row["total_s"], row["renders"], row["tasks"]) for row in sums}


class _DayInUtc(TruncDate):
    """The day of a moment."""

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> tuple[str, Any]:
        # Moments lie there in UTC already; Django would call Python for each row to find their time zone.
        text, parameters = compiler.compile(self.lhs)
        return f"DATE({text})", parameters


def used_by_job(*, workspace_id: str, job_id: str) -> Decimal | None:
    """Seconds of output that a job was counted with; None for one that has not been counted."""
    records = UsageRecord.objects.filter(workspace_id=workspace_id, job_id=job_id)
    return records.values_list("output_s", flat=True).first()


# --- What a plan includes -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a workspace may have made in a month, and what has become of it, in seconds of output.

    `included_s` is what its plan includes and what the staff has granted beside it (`granted_s`), None where a plan
    includes everything. `is_capped` says that nothing goes beyond it; otherwise more
    is paid for by the minute. `reserved_s` is what jobs that have not ended may come to use.
    """

    plan: str
    month: Period
    included_s: Decimal | None
    is_capped: bool
    used_s: Decimal
    reserved_s: Decimal
    granted_s: Decimal = _NOTHING

    @property
    def left_s(self) -> Decimal | None:
        """What is left of what is included, None for no end."""
        if self.included_s is None:
            return None
        return max(_NOTHING, self.included_s - self.used_s - self.reserved_s)

    def affords(self, more_s: Decimal) -> bool:
        """Whether another `more_s` may be reserved."""
        left_s = self.left_s
        return more_s <= 0 or not self.is_capped or left_s is None or more_s <= left_s

    @property
    def is_overdrawn(self) -> bool:
        """Whether more is used and reserved than a plan with an end allows: there was more to be had earlier."""
        over_s = self.used_s + self.reserved_s - (self.included_s or _NOTHING)
        return self.is_capped and self.included_s is not None and over_s > 0


def allowance_of(workspace: Workspace) -> Allowance:
    """How a workspace stands in the current month."""
    month = month_of(clock.now())
    used_s, reserved_s, granted_s = _sums_of(workspace.id, month)
    is_capped = "over_cap" in plan_facts()[workspace.plan]
    limit_s = included_s(workspace.plan, granted_s)
    return Allowance(workspace.plan, month, limit_s, is_capped, used_s, reserved_s, granted_s)


def included_s(plan: str, granted_s: Decimal = _NOTHING) -> Decimal | None:
    """Seconds of output that a plan includes in a month together with what was granted for it, None for no end."""
    minutes = plan_facts()[plan]["render_minutes"]
    return None if minutes is None else max(_NOTHING, Decimal(minutes) * 60 + granted_s)


def granted_in(*, workspace_id: str, month: date) -> Decimal:
    """Seconds of output that the staff has granted for the month whose first day that is."""
    grants = Grant.objects.filter(workspace_id=workspace_id, month=month)
    return (grants.aggregate(minutes=Sum("minutes"))["minutes"] or _NOTHING) * 60


def limit_minutes(workspace: Workspace) -> int | None:
    """Whole minutes of output that a workspace may have in the current month, grants included; None for no end."""
    month = month_of(clock.now()).start.date()
    limit_s = included_s(workspace.plan, granted_in(workspace_id=workspace.id, month=month))
    return None if limit_s is None else int(limit_s // 60)


def _sums_of(workspace_id: str, month: Period) -> tuple[Decimal, Decimal, Decimal]:
    """Used, reserved and granted seconds, of one moment: between two queries a job could end and be in neither sum."""
    used = UsageRecord.objects.filter(created_at__gte=month.start, created_at__lt=month.end)
    granted = Grant.objects.filter(month=month.start.date())
    sums = (_sum_of(used), _sum_of(Reservation.objects.all()), _sum_of(granted, "minutes"))
    used_s, reserved_s, minutes = Workspace.objects.filter(id=workspace_id).values_list(*sums).get()
    return used_s.quantize(_MILLISECOND), reserved_s.quantize(_MILLISECOND), (minutes * 60).quantize(_MILLISECOND)


def _sum_of(rows: "QuerySet[Any]", column: str = "output_s") -> Coalesce:
    of_workspace = rows.filter(workspace_id=OuterRef("pk")).order_by().values("workspace_id")
    total = of_workspace.annotate(total=Sum(column)).values("total")
    return Coalesce(Subquery(total, output_field=_SECONDS), Value(_NOTHING), output_field=_SECONDS)
