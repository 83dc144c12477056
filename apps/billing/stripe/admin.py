"""Payments for the staff of an installation: to look at. What happened is Stripe's to change."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.billing.stripe.models import BillingAccount, OverageReport, ReportStatus, StripeEvent, Subscription
from framelane.api.staff import ReadOnly
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
        "status",
        "started_at",
        "current_period_end",
        "cancel_at_period_end",
        "ended_at",
    ]
    list_filter = ["status", "cancel_at_period_end"]
    search_fields = ["id", "customer_id", "workspace__id"]
    list_select_related = ["workspace"]


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnly):
    list_display = ["id", "type", "customer_id", "received_at", "processed_at", "failures"]
    list_filter = ["type", ("processed_at", admin.EmptyFieldListFilter)]
    search_fields = ["id", "customer_id", "object_id"]


@admin.register(OverageReport)
class OverageReportAdmin(ReadOnly):
    list_display = ["id", "workspace_link", "month", "from_minute", "to_minute", "status", "tries", "reported_at"]
    list_filter = ["status", "month"]
    search_fields = ["id", "workspace__id", "subscription_id", "customer_id"]
    list_select_related = ["workspace"]
    actions = ["send_again", "mark_as_counted"]

    @admin.action(description="Stripe has not counted it: send it again", permissions=["view"])
    def send_again(self, request: HttpRequest, rows: QuerySet[OverageReport]) -> None:
        stuck = rows.filter(status=ReportStatus.STUCK)
        stuck.update(status=ReportStatus.PENDING, due_at=clock.now(), first_tried_at=None)

    @admin.action(description="Stripe has counted it", permissions=["view"])
    def mark_as_counted(self, request: HttpRequest, rows: QuerySet[OverageReport]) -> None:
        rows.filter(status=ReportStatus.STUCK).update(status=ReportStatus.REPORTED, reported_at=clock.now())
