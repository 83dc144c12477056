"""Stripe's objects in dj-stripe's tables, where staff looks them up. Nothing here decides anything."""

from collections.abc import Iterable
from typing import Any

import stripe
from django.conf import settings
from djstripe import models


def customer(data: stripe.Customer) -> None:
    """Keep a customer as it is now."""
    _keep(models.Customer, data)


def subscriptions(data: Iterable[stripe.Subscription]) -> None:
    """Keep subscriptions as they are now, with their items, prices and products."""
    for subscription in data:
        _keep(models.Subscription, subscription)


def invoice(data: stripe.Invoice) -> None:
    """Keep an invoice as it is now, with its lines."""
    # dj-stripe's list of invoices shows this field, which newer versions of the API do not send any more.
    data["paid"] = data["status"] == "paid"
    _keep(models.Invoice, data)


def forget(customer_id: str) -> int:
    """Delete a customer and all that belongs to it from these tables; how many rows that were. Stripe keeps books."""
    deleted: int = models.Customer.objects.filter(id=customer_id).delete()[0]
    return deleted


def _keep(model: Any, data: stripe.StripeObject) -> None:
    model.sync_from_stripe_data(data, api_key=settings.FRAMELANE_STRIPE_SECRET_KEY)
