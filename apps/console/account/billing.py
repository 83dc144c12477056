"""The plan of a workspace and the way to Stripe's pages, where it is paid. Without Stripe the plans are only shown."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from apps.billing.plans import plan_facts
from apps.billing.selectors import allowance_of
from apps.billing.stripe.configuration import is_configured
from apps.billing.terms import plan_out, subscription_out
from apps.console.minutes import MinutesUsed
from apps.console.pages import Refused, page, show
from apps.console.rules import count_act, require_verified
from apps.console.visitor import Page

NOTES = {
    "succeeded": "Thank you. The plan counts as soon as the payment is confirmed, which takes a few seconds.",
    "cancelled": "Nothing was paid, and nothing has changed.",
}


@page("billing:read")
def billing(request: Page) -> HttpResponse:
    """The plan, what this month has cost so far, and the other plans."""
    workspace = request.visitor.workspace
    facts: dict[str, Any] = {
        "subscription": subscription_out(workspace),
        "plans": [plan_out(name) for name in plan_facts()],
        "month": MinutesUsed.of(allowance_of(workspace)),
        "takes_payments": is_configured(),
        "note": NOTES.get(request.GET.get("checkout", "")),
    }
    return show(request, "console/account/billing.html", facts)


@page("billing:write", "POST", not_impersonating=True)
def checkout(request: Page) -> HttpResponse:
    """To the page on which the pro plan is paid."""
    _require_payments(request)
    from apps.billing.stripe import checkout as stripe

    back = _address("console:billing")
    with stripe.refusals():
        url = stripe.start_checkout(
            workspace=request.visitor.workspace,
            success_url=f"{back}?checkout=succeeded",
            cancel_url=f"{back}?checkout=cancelled",
        )
    return redirect(url)


@page("billing:write", "POST", not_impersonating=True)
def portal(request: Page) -> HttpResponse:
    """To the page on which the subscription is managed."""
    _require_payments(request)
    from apps.billing.stripe import checkout as stripe

    with stripe.refusals():
        url = stripe.open_portal(workspace=request.visitor.workspace, return_url=_address("console:billing"))
    return redirect(url)


def _require_payments(request: Page) -> None:
    require_verified(request)
    count_act(request)
    if not is_configured():
        raise Refused(501, "This installation takes no payments.")


def _address(name: str) -> str:
    return settings.FRAMELANE_PUBLIC_URL + reverse(name)
