"""A workspace as a customer of Stripe's: made there once, read from there after whatever happens, and forgotten."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Literal

import stripe
from django.conf import settings
from django.db import transaction
from django.db.models import F

from apps.billing.stripe import mirror, overage
from apps.billing.stripe.client import client, is_missing
from apps.billing.stripe.models import BillingAccount, Subscription
from apps.billing.stripe.selectors import current_subscription
from apps.billing.stripe.states import Reading, leading, read
from apps.mail.services import queue_mail
from apps.mail.texts import day
from apps.workspaces.models import Plan, PlanStatus, Workspace
from apps.workspaces.services import set_plan
from framelane.lib import clock

log = logging.getLogger(__name__)

MAX_READINGS = 5
PAGE_SIZE = 100
STALE_BATCH_SIZE = 50
_KEPT = {field.name for field in fields(Reading)} - {"id", "failed_at", "open_invoice_id", "was_given_up"}


class Contended(Exception):
    """Others wrote from Stripe whenever we had read from it; try again later."""


# --- To Stripe ------------------------------------------------------------------------------------------------------


def account_of(workspace: Workspace) -> BillingAccount:
    """The workspace's account, made at first sight; it need not be a customer of Stripe's yet."""
    return BillingAccount.objects.get_or_create(workspace=workspace)[0]


def customer_of(workspace: Workspace) -> str:
    """The id of the workspace's customer, who is made at Stripe where there is none. Raises stripe.StripeError.

    Two that ask at once, or one that crashed and asks again, get the same customer: Stripe knows the request's key.
    """
    account = account_of(workspace)
    if account.customer_id:
        return account.customer_id
    made = client().v1.customers.create(
        {"email": workspace.email, "name": workspace.name, "metadata": {"workspace_id": workspace.id}},
        {"idempotency_key": _customer_key(account)},
    )
    vacant = BillingAccount.objects.filter(workspace=workspace, customer_id=None)
    if not vacant.update(customer_id=made.id, customers_made=F("customers_made") + 1):
        account.refresh_from_db()
        return account.customer_id or made.id
    return made.id


def _customer_key(account: BillingAccount) -> str:
    """Differs with the name and address: Stripe refuses a key that comes with other values."""
    values = f"{account.workspace.email}\n{account.workspace.name}"
    digest = hashlib.sha256(values.encode()).hexdigest()[:16]
    return f"customer-{account.workspace_id}-{account.customers_made}-{digest}"


def forget(customer_id: str) -> None:
    """End the customer's subscriptions, with an invoice of what was used, and delete it here and there.

    What is owed is collected before: by itself Stripe would wait an hour, and charges nobody who was deleted.
    """
    for subscription in Subscription.objects.filter(customer_id=customer_id):
        if subscription.is_live:
            overage.report(subscription)
            _cancel(subscription.id)
    for invoice in _invoices(customer_id, "draft"):
        _close(invoice.id, client().v1.invoices.finalize_invoice)
    for invoice in _invoices(customer_id, "open"):
        _close(invoice.id, client().v1.invoices.pay)
    _delete(customer_id)
    sync(customer_id)
    mirror.forget(customer_id)


def _cancel(subscription_id: str) -> None:
    try:
        client().v1.subscriptions.cancel(subscription_id, {"invoice_now": True, "prorate": False})
    except stripe.InvalidRequestError as error:
        if not is_missing(error):
            raise


def _invoices(customer_id: str, status: Literal["draft", "open"]) -> list[stripe.Invoice]:
    page = client().v1.invoices.list({"customer": customer_id, "status": status, "limit": PAGE_SIZE})
    return list(page.auto_paging_iter())


def _close(invoice_id: str, step: Callable[[str], object]) -> None:
    """Take an invoice one step further; one that Stripe or the customer's bank refuses keeps nobody from being erased.

    Raises stripe.StripeError for what may pass.
    """
    try:
        step(invoice_id)
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        log.warning("invoice %s was not collected: %s", invoice_id, error)


def _delete(customer_id: str) -> None:
    try:
        client().v1.customers.delete(customer_id)
    except stripe.InvalidRequestError as error:
        if not is_missing(error):
            raise


# --- From Stripe ----------------------------------------------------------------------------------------------------


def sync(customer_id: str) -> bool:
    """Read the customer's subscriptions from Stripe and make the workspace what they say. False for a stranger.

    Never looks at what an event said: the order in which events come means nothing. A reading is written only when
    nobody wrote since before it began, so an older state cannot replace a newer one.
    Raises stripe.StripeError, and Contended after five readings that came too late.
    """
    for _ in range(MAX_READINGS):
        account = BillingAccount.objects.filter(customer_id=customer_id).first()
        if account is None:
            return False
        customer = _customer(customer_id)
        subscriptions = [] if customer is None else _subscriptions(customer_id)
        readings = [found for one in subscriptions if (found := _read(one)) is not None]
        if _write(account, readings, is_gone=customer is None):
            if customer is not None:
                mirror.customer(customer)
                mirror.subscriptions(subscriptions)
            return True
    raise Contended(f"customer {customer_id} was written {MAX_READINGS} times while it was being read")


def sync_stale() -> int:
    """Read again what has not been read for a day: no event that got lost for good is waited for; how many."""
    limit = clock.now() - timedelta(days=1)
    stale = BillingAccount.objects.filter(synced_at__lt=limit, customer_id__isnull=False).order_by("synced_at")
    customers = stale.values_list("customer_id", flat=True)[:STALE_BATCH_SIZE]
    return sum(_sync_quietly(customer_id) for customer_id in list(customers) if customer_id)


def _sync_quietly(customer_id: str) -> bool:
    """One customer that cannot be read does not keep the others waiting."""
    try:
        return sync(customer_id)
    except (stripe.StripeError, Contended):
        log.exception("customer %s was not read", customer_id)
        return False


def _customer(customer_id: str) -> stripe.Customer | None:
    """The customer, or None for one that was deleted."""
    try:
        found = client().v1.customers.retrieve(customer_id)
    except stripe.InvalidRequestError as error:
        if is_missing(error):
            return None
        raise
    return None if getattr(found, "deleted", False) else found


def _subscriptions(customer_id: str) -> list[stripe.Subscription]:
    page = client().v1.subscriptions.list(
        {"customer": customer_id, "status": "all", "limit": PAGE_SIZE, "expand": ["data.latest_invoice"]}
    )
    return list(page.auto_paging_iter())


def _read(subscription: stripe.Subscription) -> Reading | None:
    return read(subscription.to_dict(), settings.FRAMELANE_STRIPE_PRICE_PRO)


@transaction.atomic
def _write(account: BillingAccount, readings: list[Reading], *, is_gone: bool) -> bool:
    """False when somebody wrote since `account` was loaded."""
    unchanged = BillingAccount.objects.filter(pk=account.pk, version=account.version)
    if not unchanged.update(version=F("version") + 1, synced_at=clock.now()):
        return False
    before = current_subscription(account.workspace_id)
    if is_gone:
        BillingAccount.objects.filter(pk=account.pk).update(customer_id=None)
        _end_all(account)
    for reading in readings:
        _keep(account, reading)
    deciding = leading(readings)
    if deciding is not None and (deciding.is_live or not _is_known(deciding, before)):
        _apply(account.workspace, deciding)
    elif is_gone and before is not None and before.is_live:
        _downgrade(account.workspace, PlanStatus.ACTIVE)
    return True


def _is_known(deciding: Reading, before: Subscription | None) -> bool:
    """Whether it had ended already: staff may have given another plan since."""
    return before is not None and (before.id, before.status) == (deciding.id, deciding.status)


def _keep(account: BillingAccount, reading: Reading) -> None:
    values = {name: getattr(reading, name) for name in _KEPT}
    values |= {"workspace_id": account.workspace_id, "customer_id": account.customer_id}
    Subscription.objects.update_or_create(id=reading.id, defaults=values)


def _end_all(account: BillingAccount) -> None:
    """A deleted customer's subscriptions are ended, and cannot be listed any more."""
    for subscription in Subscription.objects.filter(workspace_id=account.workspace_id, ended_at=None):
        subscription.status, subscription.ended_at = "canceled", clock.now()
        subscription.save(update_fields=["status", "ended_at"])


def _apply(workspace: Workspace, deciding: Reading) -> None:
    if not deciding.is_live:
        # Who was cut off for not paying does not become a free customer by waiting.
        _downgrade(workspace, PlanStatus.CANCELLED if deciding.was_given_up else PlanStatus.ACTIVE)
        return
    status = deciding.plan_status
    past_due_since = (deciding.failed_at or clock.now()) if status == PlanStatus.PAST_DUE else None
    set_plan(workspace=workspace, plan=Plan.PRO, plan_status=status, past_due_since=past_due_since)
    if workspace.past_due_since is not None and deciding.open_invoice_id:
        _tell(workspace, workspace.past_due_since, deciding.open_invoice_id)


def _tell(workspace: Workspace, past_due_since: datetime, invoice_id: str) -> None:
    """A mail for each invoice that could not be collected, however often Stripe tries."""
    read_only_from = past_due_since + timedelta(days=settings.FRAMELANE_PAST_DUE_GRACE_DAYS)
    queue_mail(
        to=workspace.email,
        template="payment_failed",
        context={"workspace_name": workspace.name, "read_only_from": day(read_only_from)},
        workspace=workspace,
        once=f"payment_failed:{invoice_id}",
    )


def _downgrade(workspace: Workspace, plan_status: str) -> None:
    set_plan(workspace=workspace, plan=Plan.FREE, plan_status=plan_status, past_due_since=None)
