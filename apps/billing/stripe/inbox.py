"""Stripe's events: kept when they come, looked into soon after, in whatever order and however often they came."""

import logging
from datetime import timedelta
from typing import Any, Final

import stripe
from django.db import transaction
from django.db.models import F
from pydantic import BaseModel, Field

from apps.billing.stripe import mirror
from apps.billing.stripe.accounts import sync
from apps.billing.stripe.client import client, is_missing
from apps.billing.stripe.configuration import webhook_secrets
from apps.billing.stripe.models import BillingAccount, StripeEvent
from apps.events.hints import hint
from framelane.lib import clock
from framelane.lib.pauses import growing_pause_s

log = logging.getLogger(__name__)

TOLERANCE_S: Final = 300
"""How old a signature may be. https://docs.stripe.com/webhooks#verify-official-libraries"""
BATCH_SIZE: Final = 200
LEASE: Final = timedelta(minutes=5)
FIRST_PAUSE_S: Final = 10.0
LONGEST_PAUSE_S: Final = 3600.0
KEPT: Final = timedelta(days=30)
RELEVANT: Final = ("checkout.session.", "customer.subscription.", "customer.updated", "customer.deleted", "invoice.")


class About(BaseModel):
    """The object that an event is about, as far as it matters here."""

    id: str = Field("", max_length=255)
    object: str = Field(max_length=64)
    customer: str | dict[str, Any] | None = None


class EventData(BaseModel):
    object: About


class EventIn(BaseModel):
    """An event as Stripe sends it."""

    id: str = Field(min_length=1, max_length=255)
    type: str = Field(min_length=1, max_length=255)
    data: EventData

    @property
    def customer_id(self) -> str:
        """Empty for an event that is about no customer."""
        about = self.data.object
        found = about.id if about.object == "customer" else about.customer
        identifier = found.get("id", "") if isinstance(found, dict) else found or ""
        return str(identifier)[:255]


def is_genuine(body: bytes, signature: str) -> bool:
    """Whether one of our secrets signed exactly these bytes within the last five minutes."""
    return any(_is_signed(body, signature, secret) for secret in webhook_secrets())


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE_S))
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False


@transaction.atomic
def receive(event: EventIn) -> bool:
    """Keep an event for later; False for one that is known already or means nothing to us."""
    if not event.type.startswith(RELEVANT) or not event.customer_id:
        return False
    now = clock.now()
    values: dict[str, Any] = {
        "type": event.type[:64],
        "customer_id": event.customer_id,
        "object_id": event.data.object.id,
    }
    values |= {"received_at": now, "due_at": now}
    _, is_new = StripeEvent.objects.get_or_create(id=event.id, defaults=values)
    if is_new:
        hint("apps.billing.stripe.tasks.process_event", event.id, queue="io")
    return is_new


def process_due() -> int:
    """Look into what is due, oldest first; how many events were dealt with."""
    due = StripeEvent.objects.filter(processed_at=None, due_at__lte=clock.now()).order_by("due_at", "id")
    return sum(process(event_id) for event_id in due.values_list("id", flat=True)[:BATCH_SIZE])


def process(event_id: str) -> bool:
    """Look into one event; False when another process has it, or it has to be tried again later."""
    waiting = StripeEvent.objects.filter(id=event_id, processed_at=None)
    if not waiting.filter(due_at__lte=clock.now()).update(due_at=clock.now() + LEASE):
        return False
    event = StripeEvent.objects.get(id=event_id)
    try:
        _handle(event)
    except Exception:
        log.exception("event %s (%s) was not processed", event.id, event.type)
        pause_s = growing_pause_s(event.failures, first_s=FIRST_PAUSE_S, longest_s=LONGEST_PAUSE_S)
        waiting.update(failures=F("failures") + 1, due_at=clock.now() + timedelta(seconds=pause_s))
        return False
    return bool(waiting.update(processed_at=clock.now()))


def _handle(event: StripeEvent) -> None:
    """Other customers of the same account at Stripe are none of ours."""
    if not BillingAccount.objects.filter(customer_id=event.customer_id).exists():
        return
    sync(event.customer_id)
    if event.type.startswith("invoice.") and event.object_id:
        _mirror_invoice(event.object_id)


def _mirror_invoice(invoice_id: str) -> None:
    try:
        mirror.invoice(client().v1.invoices.retrieve(invoice_id))
    except stripe.InvalidRequestError as error:
        # Drafts may be deleted, and previews never existed.
        if not is_missing(error):
            raise


def purge() -> int:
    """Forget events that were dealt with a month ago, long after Stripe's last repetition; how many."""
    return StripeEvent.objects.filter(processed_at__lt=clock.now() - KEPT).delete()[0]
