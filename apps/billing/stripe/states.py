"""What Stripe's subscriptions mean for a workspace. Pure: plain data in, plain data out.

https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeVar

PLAN_STATUSES: Final = {
    "active": "active",
    "trialing": "trialing",
    "past_due": "past_due",
    # Stripe has given up collecting, or waits for a way to pay; the subscription itself goes on.
    "unpaid": "past_due",
    "paused": "past_due",
}
"""The status of our plan for each of Stripe's that gives one."""
LIVE: Final = frozenset(PLAN_STATUSES)
ENDED: Final = frozenset({"canceled"})
"""`incomplete` and `incomplete_expired` were never paid for: they gave nothing, so nothing ends with them."""


class Dated(Protocol):
    """A subscription, as Stripe shows it or as it is kept here."""

    @property
    def id(self) -> str: ...

    @property
    def status(self) -> str: ...

    @property
    def started_at(self) -> datetime: ...

    @property
    def ended_at(self) -> datetime | None: ...


S = TypeVar("S", bound=Dated)


@dataclass(frozen=True, slots=True)
class Reading:
    """A subscription as Stripe showed it.

    `failed_at` is when the open invoice `open_invoice_id` was due; both are None while all is paid. `was_given_up`
    says that Stripe ended it because nobody paid.
    """

    id: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    current_period_start: datetime
    current_period_end: datetime
    cancel_at_period_end: bool
    failed_at: datetime | None
    open_invoice_id: str | None
    was_given_up: bool

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def plan_status(self) -> str:
        """Raises KeyError for a subscription that is not live."""
        return PLAN_STATUSES[self.status]


def read(subscription: Mapping[str, Any], price_id: str) -> Reading | None:
    """What a subscription says; None for one that is neither to the price `price_id` nor was begun by us.

    Who subscribed before the price was changed keeps the old one, and the plan.
    """
    items = subscription["items"]["data"]
    found = [item for item in items if item["price"]["id"] == price_id]
    if not found and (subscription.get("metadata") or {}).get("workspace_id"):
        found = items
    item = next(iter(found), None)
    if item is None:
        return None
    period_end = _time(item["current_period_end"])
    unpaid = _unpaid_invoice(subscription)
    # Newer portals give `cancel_at` with the end of the period instead of raising the flag.
    ends = (cancel_at := subscription.get("cancel_at")) is not None and _time(cancel_at) <= period_end
    return Reading(
        id=subscription["id"],
        status=subscription["status"],
        started_at=_time(subscription["start_date"]),
        ended_at=_time(ended) if (ended := subscription.get("ended_at")) else None,
        current_period_start=_time(item["current_period_start"]),
        current_period_end=period_end,
        cancel_at_period_end=bool(subscription["cancel_at_period_end"]) or ends,
        failed_at=_failed_at(unpaid) if unpaid else None,
        open_invoice_id=unpaid["id"] if unpaid else None,
        was_given_up=(subscription.get("cancellation_details") or {}).get("reason") == "payment_failed",
    )


def leading(subscriptions: Iterable[S]) -> S | None:
    """The subscription that decides: the oldest live one, else the one that ended last, else None."""
    found = sorted(subscriptions, key=lambda one: (one.started_at, one.id))
    live = [one for one in found if one.status in LIVE]
    if live:
        return live[0]
    ended = [one for one in found if one.status in ENDED]
    return max(ended, key=lambda one: (one.ended_at or one.started_at, one.id), default=None)


def _unpaid_invoice(subscription: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The latest invoice of a subscription that is past due."""
    invoice = subscription.get("latest_invoice")
    is_past_due = PLAN_STATUSES.get(subscription["status"]) == "past_due"
    return invoice if is_past_due and isinstance(invoice, Mapping) else None


def _failed_at(invoice: Mapping[str, Any]) -> datetime:
    """When it was finalised, which is when Stripe first tried to collect it."""
    return _time((invoice.get("status_transitions") or {}).get("finalized_at") or invoice["created"])


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
