"""Stripe's objects as they look in API version 2026-08-26.dahlia, reduced to what somebody reads."""

from typing import Any

PRO = "price_pro"
OVERAGE = "price_overage"
METER_EVENT = "framelane_overage_minutes"
WEBHOOK_SECRET = "whsec_" + "5" * 32
PRO_CENTS = 9900
MINUTE_CENTS = 8

Data = dict[str, Any]

ACCOUNT: Data = {
    "id": "acct_1Loopback",
    "object": "account",
    "email": "owner@example.org",
    "country": "US",
    "settings": {"dashboard": {"display_name": "Loopback"}},
    "business_profile": {},
}


class Refusal(Exception):
    """An answer of Stripe's that is no success."""

    def __init__(self, status: int, message: str, code: str | None = None, type: str = "invalid_request_error") -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": type, "message": message, **({"code": code} if code else {})}}


def missing(kind: str, identifier: str) -> Refusal:
    return Refusal(404, f"No such {kind}: '{identifier}'", "resource_missing")


def listed(data: list[Data], url: str) -> Data:
    return {"object": "list", "data": data, "has_more": False, "url": url}


def product(identifier: str, name: str) -> Data:
    return {
        "id": identifier,
        "object": "product",
        "name": name,
        "active": True,
        "type": "service",
        "created": 1_750_000_000,
        "livemode": False,
        "metadata": {},
    }


def price(identifier: str, product_id: str, cents: int, **recurring: Any) -> Data:
    return {
        "id": identifier,
        "object": "price",
        "active": True,
        "billing_scheme": "per_unit",
        "currency": "usd",
        "unit_amount": cents,
        "unit_amount_decimal": str(cents),
        "type": "recurring",
        "recurring": {"interval": "month", "interval_count": 1, **recurring},
        "product": product_id,
        "created": 1_750_000_000,
        "livemode": False,
        "metadata": {},
    }


def customer(identifier: str, created: int, values: Data) -> Data:
    return {
        "id": identifier,
        "object": "customer",
        "created": created,
        "email": values.get("email"),
        "name": values.get("name"),
        "metadata": values.get("metadata", {}),
        "invoice_settings": {"default_payment_method": None},
        "currency": "usd",
        "delinquent": False,
        "livemode": False,
    }


def session(identifier: str, created: int, values: Data) -> Data:
    return {
        "id": identifier,
        "object": "checkout.session",
        "created": created,
        "mode": "subscription",
        "status": "open",
        "payment_status": "unpaid",
        "url": f"https://checkout.stripe.com/c/pay/{identifier}",
        "customer": values["customer"],
        "client_reference_id": values.get("client_reference_id"),
        "subscription": None,
        "success_url": values["success_url"],
        "cancel_url": values.get("cancel_url"),
        "livemode": False,
        "metadata": {},
    }


def subscription(identifier: str, customer_id: str, created: int, period_end: int, metadata: Data) -> Data:
    return {
        "id": identifier,
        "object": "subscription",
        "customer": customer_id,
        "status": "active",
        "created": created,
        "start_date": created,
        "ended_at": None,
        "cancel_at": None,
        "canceled_at": None,
        "cancel_at_period_end": False,
        "cancellation_details": {"reason": None},
        "collection_method": "charge_automatically",
        "currency": "usd",
        "billing_cycle_anchor": period_end,
        "latest_invoice": None,
        "items": listed([], f"/v1/subscription_items?subscription={identifier}"),
        "default_tax_rates": [],
        "livemode": False,
        "metadata": metadata,
    }


def item(identifier: str, subscription_id: str, bought: Data, start: int, end: int) -> Data:
    metered = bought["recurring"]["usage_type"] == "metered"
    return {
        "id": identifier,
        "object": "subscription_item",
        "subscription": subscription_id,
        "price": bought,
        "created": start,
        "current_period_start": start,
        "current_period_end": end,
        "tax_rates": [],
        "metadata": {},
        **({} if metered else {"quantity": 1}),
    }


def line(identifier: str, invoice_id: str, bought: Data, quantity: int, cents: int, start: int, end: int) -> Data:
    return {
        "id": identifier,
        "object": "line_item",
        "invoice": invoice_id,
        "amount": cents,
        "currency": "usd",
        "description": bought["id"],
        "quantity": quantity,
        "period": {"start": start, "end": end},
        "pricing": {"type": "price_details", "price_details": {"price": bought["id"], "product": bought["product"]}},
        "discountable": True,
        "discounts": [],
        "livemode": False,
        "metadata": {},
    }


def invoice(identifier: str, number: int, customer_id: str, subscription_id: str, reason: str, created: int) -> Data:
    return {
        "id": identifier,
        "object": "invoice",
        "number": f"LOOP-{number:04}",
        "customer": customer_id,
        "status": "draft",
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "created": created,
        "currency": "usd",
        "attempted": False,
        "attempt_count": 0,
        "amount_due": 0,
        "amount_paid": 0,
        "amount_remaining": 0,
        "subtotal": 0,
        "total": 0,
        "lines": listed([], f"/v1/invoices/{identifier}/lines"),
        "parent": {"type": "subscription_details", "subscription_details": {"subscription": subscription_id}},
        "period_start": created,
        "period_end": created,
        "status_transitions": {"finalized_at": None, "paid_at": None},
        "default_tax_rates": [],
        "discounts": [],
        "livemode": False,
        "metadata": {},
    }
