"""What the workspace has used: minutes by day, and the sums."""

from decimal import Decimal

from django.http import HttpResponse

from apps.account.schemas import UsagePeriod
from apps.account.selectors import DayOfUse, days_of, given_out
from apps.account.selectors import minutes as minutes_of
from apps.billing.selectors import allowance_of
from apps.console.chart import Chart, bar_chart
from apps.console.minutes import MinutesUsed
from apps.console.pages import Refused, page, show
from apps.console.visitor import Page

PERIODS = {
    UsagePeriod.LAST_7_DAYS: "7 days",
    UsagePeriod.LAST_30_DAYS: "30 days",
    UsagePeriod.LAST_90_DAYS: "90 days",
    UsagePeriod.CURRENT: "This month",
}


@page("workspace:read")
def usage(request: Page) -> HttpResponse:
    """The chart and the sums of a period; what the plan includes is counted by calendar month."""
    period, workspace = _period(request), request.visitor.workspace
    days = days_of(workspace, period)
    facts = {
        "periods": [(key.value, text) for key, text in PERIODS.items()],
        "period": period.value,
        "minutes": minutes_of(sum((day.used.output_s for day in days), Decimal(0))),
        "renders": sum(day.used.renders_count for day in days),
        "tasks": sum(day.used.task_count for day in days),
        "egress_bytes": given_out(workspace, period),
        "month": MinutesUsed.of(allowance_of(workspace)),
        "days": days[::-1],
        "chart": _chart(days),
    }
    return show(request, "console/develop/usage.html", facts)


def _period(request: Page) -> UsagePeriod:
    wanted = request.GET.get("period", UsagePeriod.LAST_30_DAYS.value)
    if wanted not in {period.value for period in UsagePeriod}:
        raise Refused(400, f"There is no period {wanted[:20]!r}; choose one of {', '.join(UsagePeriod)}.")
    return UsagePeriod(wanted)


def _chart(days: list[DayOfUse]) -> Chart:
    labels = [f"{day.day.day} {day.day:%b}" for day in days]
    return bar_chart([day.minutes for day in days], [_hint(day) for day in days], labels)


def _hint(day: DayOfUse) -> str:
    return f"{day.day.day} {day.day:%b}: {day.minutes:.2f} min, {day.used.renders_count + day.used.task_count} jobs"
