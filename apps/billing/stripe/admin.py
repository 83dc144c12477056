"""Payments for the staff of an installation: to look at. What happened is Stripe's to change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.billing.stripe.models import BillingAccount, OverageReport, ReportStatus, StripeEvent, Subscription
from framelane.api.staff import ReadOnly
from framelane.api.staff_acts import Act, ActRefused, Changes, offer
from framelane.lib import clock


@admin.register(BillingAccount)
class BillingAccountAdmin(ReadOnly):
    list_display = ["customer_id", "workspace_link", "synced_at"]
    search_fields = ["customer_id", "workspace__id", "workspace__email"]
    list_select_related = ["workspace"]


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnly):
    list_display = [
        "id",
        "workspace_link",
        "state",
        "started_at",
        "current_period_end",
        "cancel_at_period_end",
        "ended_at",
    ]
    list_filter = ["status", "cancel_at_period_end"]
    search_fields = ["id", "customer_id", "workspace__id"]
    list_select_related = ["workspace"]
    belongings = {
        "Overage": ("billing_overagereport", "subscription_id__exact"),
    }


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnly):
    list_display = ["id", "type", "customer_id", "received_at", "processed_at", "failures"]
    list_filter = ["type", ("processed_at", admin.EmptyFieldListFilter)]
    search_fields = ["id", "customer_id", "object_id"]


@admin.register(OverageReport)
class OverageReportAdmin(ReadOnly):
    list_display = ["id", "workspace_link", "month", "from_minute", "to_minute", "state", "tries", "reported_at"]
    list_filter = ["status", "month"]
    search_fields = ["id", "workspace__id", "subscription_id", "customer_id"]
    list_select_related = ["workspace"]


def _settle(status: str, at: str, **values: Any) -> Any:
    """Conditional: what has moved on meanwhile is nobody's to decide about. `at` is the column for the time of it."""

    def run(request: HttpRequest, row: OverageReport, answers: dict[str, Any]) -> Changes:
        stuck = OverageReport.objects.filter(id=row.id, status=ReportStatus.STUCK)
        if not stuck.update(**{"status": status, at: clock.now(), **values}):
            raise ActRefused("it is not stuck any more.")
        return None

    return run


_STUCK: dict[str, Any] = {
    "permission": "billing.change_overagereport",
    "can": lambda row: row.status == ReportStatus.STUCK,
    "watched": ("status",),
}

offer(
    OverageReport,
    Act(
        name="send_again",
        label="Stripe has not counted it: send it again",
        action="overage.send_again",
        question="Look into Stripe's meter first: what it has counted would be charged twice.",
        run=_settle(ReportStatus.PENDING, "due_at", first_tried_at=None),
        is_dangerous=True,
        done="planned again",
        **_STUCK,
    ),
    Act(
        name="mark_as_counted",
        label="Stripe has counted it",
        action="overage.mark_as_counted",
        question="Look into Stripe's meter first: what it has not counted will never be charged.",
        run=_settle(ReportStatus.REPORTED, "reported_at"),
        done="settled",
        **_STUCK,
    ),
)
