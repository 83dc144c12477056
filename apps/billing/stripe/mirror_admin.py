"""dj-stripe's tables for the staff of an installation: those that are filled, and only to look at.

Its own pages could write into them, a secret key among others, and know fields that Stripe has given up.
"""

from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString
from djstripe import models

from framelane.api.staff import ReadOnly, readable


class MirrorAdmin(ReadOnly):
    list_display = ["id", "created", "djstripe_updated"]
    search_fields = ["id"]
    instead = {"stripe_data": "readable_data", "metadata": "readable_metadata"}

    @admin.display(description="as Stripe sent it")
    def readable_data(self, row: Any) -> SafeString:
        return readable(row.stripe_data)

    @admin.display(description="metadata")
    def readable_metadata(self, row: Any) -> SafeString:
        return readable(row.metadata)


class CustomerAdmin(MirrorAdmin):
    list_display = ["id", "email", "created", "djstripe_updated"]
    search_fields = ["id", "email"]


class SubscriptionAdmin(MirrorAdmin):
    list_display = ["id", "customer", "status", "created", "djstripe_updated"]
    list_select_related = ["customer"]
    search_fields = ["id", "customer__id"]

    @admin.display
    def status(self, row: Any) -> str:
        return str(row.stripe_data.get("status", ""))


class InvoiceAdmin(SubscriptionAdmin):
    list_display = ["id", "customer", "status", "total", "created", "djstripe_updated"]

    @admin.display(description="total in the smallest unit")
    def total(self, row: Any) -> str:
        """https://docs.stripe.com/currencies#zero-decimal"""
        return f"{row.stripe_data.get('total')} {row.stripe_data.get('currency')}"


PAGES: dict[Any, type[MirrorAdmin]] = {
    models.Customer: CustomerAdmin,
    models.Subscription: SubscriptionAdmin,
    models.Invoice: InvoiceAdmin,
    models.Product: MirrorAdmin,
    models.Price: MirrorAdmin,
}


def _name_of_invoice(invoice: Any) -> str:
    return f"{invoice.id} ({invoice.stripe_data.get('status')})"


def replace_pages() -> None:
    """Put these pages in the place of all that dj-stripe has registered."""
    registered = [model for model in admin.site._registry if model._meta.app_label == "djstripe"]
    admin.site.unregister(registered)
    # dj-stripe's own name takes cents for dollars.
    models.Invoice.__str__ = _name_of_invoice
    for model, page in PAGES.items():
        admin.site.register(model, page)
