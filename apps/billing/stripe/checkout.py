"""Stripe's pages: Checkout, where a subscription begins, and the portal, where it is managed."""

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stripe
from django.conf import settings
from django.db.models import F

from apps.billing.stripe.accounts import Contended, account_of, customer_of, sync
from apps.billing.stripe.client import client, is_passing
from apps.billing.stripe.models import BillingAccount
from apps.workspaces.models import Plan, Workspace
from framelane.api.errors import conflict, internal, unavailable

log = logging.getLogger(__name__)

FIRST_OF_MONTH = {"day_of_month": 1, "hour": 0, "minute": 0, "second": 0}
"""UTC. What remains of the first month is charged by the day, so that the cycle is that of the quota."""


@contextmanager
def refusals() -> Iterator[None]:
    """Turns what goes wrong with Stripe into answers: ApiError 503 when it is away, 500 when it refuses."""
    try:
        yield
    except Contended:
        raise unavailable("The subscription is being changed at this moment. Try again.") from None
    except stripe.StripeError as error:
        log.error("Stripe refused: %s", error)
        if is_passing(error):
            raise unavailable("The payment provider does not answer right now. Try again in a few seconds.") from None
        raise internal() from None


def start_checkout(*, workspace: Workspace, success_url: str, cancel_url: str) -> str:
    """The address of a page on which the pro plan is paid for.

    Raises ApiError 409 for a workspace that has it already, stripe.StripeError when Stripe does not play along.
    """
    _require_no_plan(workspace)
    account = account_of(workspace)
    _expire(account.checkout_session_id)
    # The page that could not be closed may have been paid a moment ago, or the customer been deleted, and nobody has
    # told us yet.
    sync(customer_of(workspace))
    workspace.refresh_from_db()
    _require_no_plan(workspace)
    customer_id = customer_of(workspace)
    session = _open(account, _session(workspace, customer_id, success_url, cancel_url))
    mine = BillingAccount.objects.filter(pk=account.pk, checkouts_made=account.checkouts_made)
    if not mine.update(checkout_session_id=session.id, checkouts_made=F("checkouts_made") + 1):
        _leave_to_the_faster(account, session)
    return str(session.url)


def open_portal(*, workspace: Workspace, return_url: str) -> str:
    """The address of the page on which the subscription, its invoices and means of payment are managed.

    Raises ApiError 409 for a workspace that never paid, stripe.StripeError when Stripe does not play along.
    """
    customer_id = account_of(workspace).customer_id
    if not customer_id:
        raise conflict("This workspace has never paid. Begin with POST /v1/billing/checkout.")
    session = client().v1.billing_portal.sessions.create({"customer": customer_id, "return_url": return_url})
    return session.url


def _require_no_plan(workspace: Workspace) -> None:
    if workspace.plan == Plan.ENTERPRISE:
        raise conflict("This workspace is on the enterprise plan, which is not paid for here.")
    if workspace.plan == Plan.PRO:
        raise conflict("This workspace is on the pro plan already. Manage it with POST /v1/billing/portal.")


def _session(workspace: Workspace, customer_id: str, success_url: str, cancel_url: str) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "mode": "subscription",
        "customer": customer_id,
        "client_reference_id": workspace.id,
        "line_items": [
            {"price": settings.FRAMELANE_STRIPE_PRICE_PRO, "quantity": 1},
            {"price": settings.FRAMELANE_STRIPE_PRICE_OVERAGE},
        ],
        "subscription_data": {
            "billing_cycle_anchor_config": FIRST_OF_MONTH,
            "proration_behavior": "create_prorations",
            "metadata": {"workspace_id": workspace.id},
        },
        "success_url": success_url,
        "cancel_url": cancel_url,
    }
    if settings.FRAMELANE_STRIPE_AUTOMATIC_TAX:
        wanted |= {"automatic_tax": {"enabled": True}, "customer_update": {"address": "auto", "name": "auto"}}
    return wanted


def _open(account: BillingAccount, wanted: dict[str, Any]) -> stripe.checkout.Session:
    """Requests that ask for the same at the same time get the same page."""
    digest = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()[:16]
    key = f"checkout-{account.workspace_id}-{account.checkouts_made}-{digest}"
    return client().v1.checkout.sessions.create(wanted, {"idempotency_key": key})  # type: ignore[arg-type]


def _leave_to_the_faster(account: BillingAccount, session: stripe.checkout.Session) -> None:
    """Two open pages could be paid twice. Raises ApiError 409 unless both requests were given the same one."""
    account.refresh_from_db()
    if account.checkout_session_id != session.id:
        _expire(session.id)
        raise conflict("Another checkout of this workspace was started at the same moment. Try again.")


def _expire(session_id: str) -> None:
    """Close an earlier page. One that was paid or has expired already refuses, which is as well."""
    if not session_id:
        return
    try:
        client().v1.checkout.sessions.expire(session_id, {}, {"idempotency_key": f"expire-{session_id}"})
    except stripe.InvalidRequestError:
        return
