"""An installation that takes payments, the account at Stripe behind it, and a clock for both."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest
import stripe

from apps.billing.models import UsageRecord
from apps.billing.stripe import inbox, overage
from apps.workspaces.models import Workspace
from framelane.lib import clock, ids
from tests.people import Person, client_with
from tests.stripe_server import KEY, OVERAGE, PRO, WEBHOOK_SECRET, Books, StripeServer, deliver
from tests.stripe_server.delivery import signature

WEBHOOK = "/v1/billing/stripe-webhook"


class Shop:
    """`now` is the time here and at Stripe."""

    def __init__(self, server: StripeServer) -> None:
        self.server = server
        self.client = client_with(None)
        self._delivered = 0

    @property
    def books(self) -> Books:
        return self.server.books

    @property
    def now(self) -> datetime:
        return self.books.now

    def at(self, text: str) -> datetime:
        """Move the clock."""
        self.books.now = datetime.fromisoformat(text).replace(tzinfo=UTC)
        return self.books.now

    def send(self, body: bytes, header: str) -> int:
        client: Any = self.client
        answer = client.generic("POST", WEBHOOK, body, content_type="application/json", HTTP_STRIPE_SIGNATURE=header)
        return int(answer.status_code)

    def post_event(self, body: bytes) -> int:
        return self.send(body, signature(body))

    def deliver(self, *, times: int = 1, order: Random | None = None) -> None:
        """Bring the events that have come up since the last time, and look into them."""
        self.bring_events(times=times, order=order)
        inbox.process_due()

    def bring_events(self, *, times: int = 1, order: Random | None = None) -> None:
        """Send the events that have come up since the last time, so that they wait here."""
        fresh = self.books.events[self._delivered :]
        self._delivered = len(self.books.events)
        assert set(deliver(fresh, self.send, times=times, order=order)) <= {200}

    def subscribe(self, person: Person) -> dict[str, Any]:
        """Somebody pays for the pro plan; the subscription at Stripe."""
        answer = person.post("/v1/billing/checkout", {"plan": "pro"})
        assert answer.status_code == 200, answer.json()
        subscription = self.books.pay(answer.json()["url"].rpartition("/")[2])
        self.deliver()
        return subscription

    def meter_minutes(self) -> int:
        """What Stripe has counted."""
        return sum(int(event["payload"]["value"]) for event in self.books.meter_events.values())


@contextmanager
def open_shop(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Payments are configured within the block; it is the 16th of March 2027, noon."""
    with StripeServer(datetime(2027, 3, 16, 12, tzinfo=UTC)) as server:
        settings.FRAMELANE_STRIPE_SECRET_KEY = settings.STRIPE_SECRET_KEY = KEY
        settings.FRAMELANE_STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
        settings.FRAMELANE_STRIPE_PRICE_PRO, settings.FRAMELANE_STRIPE_PRICE_OVERAGE = PRO, OVERAGE
        settings.FRAMELANE_STRIPE_API_BASE = server.url
        settings.FRAMELANE_PUBLIC_URL = "https://framelane.test"
        monkeypatch.setattr(stripe, "api_base", server.url)
        monkeypatch.setattr(clock, "now", lambda: server.books.now)
        yield Shop(server)


def use(workspace: Workspace, minutes: float | Decimal, at: datetime) -> UsageRecord:
    """A job of this length was completed then."""
    output_s = (Decimal(str(minutes)) * 60).quantize(Decimal("0.001"))
    return UsageRecord.objects.create(
        workspace=workspace, job_id=ids.new_id("render"), kind="render", output_s=output_s, created_at=at
    )


def told(workspace: Workspace) -> Workspace:
    """The workspace as it is now."""
    return Workspace.objects.get(id=workspace.id)


def report() -> int:
    """What the worker does every quarter of an hour."""
    return overage.report_all()
