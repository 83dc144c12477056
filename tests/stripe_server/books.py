"""The account at Stripe: what is kept in it, and what happens to it by requests, by people and by time."""

import copy
from collections import defaultdict
from datetime import datetime
from typing import Any

from tests.stripe_server import objects
from tests.stripe_server.objects import METER_EVENT, MINUTE_CENTS, OVERAGE, PRO, PRO_CENTS, Data, Refusal, missing

LIVE = ("active", "past_due", "unpaid")
DAY_S = 86_400


class Books:
    """`now` is Stripe's clock; whoever moves it calls `turn_month` when a month has ended."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.customers: dict[str, Data] = {}
        self.sessions: dict[str, Data] = {}
        self.subscriptions: dict[str, Data] = {}
        self.invoices: dict[str, Data] = {}
        self.meter_events: dict[str, Data] = {}
        self.events: list[Data] = []
        self.products = {
            "prod_pro": objects.product("prod_pro", "Framelane Pro"),
            "prod_overage": objects.product("prod_overage", "Render-minutes"),
        }
        self.prices = {
            PRO: objects.price(PRO, "prod_pro", PRO_CENTS, usage_type="licensed"),
            OVERAGE: objects.price(OVERAGE, "prod_overage", MINUTE_CENTS, usage_type="metered", meter="mtr_minutes"),
        }
        self.declines = False
        """Whether banks refuse what is charged at once."""
        self._wanted: dict[str, Data] = {}
        self._made: defaultdict[str, int] = defaultdict(int)

    # --- Requests ---------------------------------------------------------------------------------------------------

    def create_customer(self, values: Data) -> Data:
        made = objects.customer(self._id("cus"), self._time, values)
        self.customers[made["id"]] = made
        return made

    def customer(self, identifier: str) -> Data:
        found = _of(self.customers, "customer", identifier)
        return {"id": identifier, "object": "customer", "deleted": True} if found.get("deleted") else found

    def delete_customer(self, identifier: str) -> Data:
        """Ends its subscriptions at once, as Stripe does."""
        customer = _of(self.customers, "customer", identifier)
        if customer.get("deleted"):
            raise missing("customer", identifier)
        for subscription in self.subscriptions_of(identifier):
            if subscription["status"] in LIVE:
                self._end(subscription, self._time, "cancellation_requested")
        customer["deleted"] = True
        self._tell("customer.deleted", customer)
        return self.customer(identifier)

    def create_session(self, values: Data) -> Data:
        customer = _of(self.customers, "customer", values.get("customer", ""))
        if customer.get("deleted"):
            raise missing("customer", customer["id"])
        if values.get("mode") != "subscription" or not values.get("success_url"):
            raise Refusal(400, "You must provide a mode and a success_url.")
        for line in values.get("line_items", []):
            self._check_line(line)
        known = {"billing_cycle_anchor_config", "proration_behavior", "metadata"}
        if unknown := values.get("subscription_data", {}).keys() - known:
            raise Refusal(400, f"Received unknown parameters: {sorted(unknown)}", "parameter_unknown")
        made = objects.session(self._id("cs_test"), self._time, values)
        self.sessions[made["id"]], self._wanted[made["id"]] = made, values
        return made

    def _check_line(self, line: Data) -> None:
        price = _of(self.prices, "price", line.get("price", ""))
        if price["recurring"]["usage_type"] == "metered" and "quantity" in line:
            raise Refusal(400, "Quantity should not be specified where usage_type is metered.")
        if price["recurring"]["usage_type"] == "licensed" and line.get("quantity") != "1":
            raise Refusal(400, "Quantity is required.")

    def expire_session(self, identifier: str) -> Data:
        found = _of(self.sessions, "checkout.session", identifier)
        if found["status"] != "open":
            raise Refusal(400, f'Only Checkout Sessions with a status in ["open"] can be expired: {found["status"]}.')
        found["status"] = "expired"
        return found

    def create_portal(self, values: Data) -> Data:
        _of(self.customers, "customer", values.get("customer", ""))
        made = self._id("bps")
        where = {"customer": values["customer"], "return_url": values.get("return_url"), "livemode": False}
        return {
            "id": made, "object": "billing_portal.session", "created": self._time, **where,
            "url": f"https://billing.stripe.com/p/session/{made}",
        }  # fmt: skip

    def subscriptions_of(self, customer_id: str) -> list[Data]:
        return [found for found in self.subscriptions.values() if found["customer"] == customer_id]

    def cancel(self, identifier: str, values: Data) -> Data:
        """At once; with `invoice_now` there is a draft of the usage until now."""
        subscription = _of(self.subscriptions, "subscription", identifier)
        if subscription["status"] not in LIVE:
            raise missing("subscription", identifier)
        self._end(subscription, self._time, "cancellation_requested")
        if values.get("invoice_now") == "true":
            self._draft(subscription, "subscription_cycle", renews=False)
        return subscription

    def invoices_of(self, customer_id: str, status: str) -> list[Data]:
        return [
            found for found in self.invoices.values() if (found["customer"], found["status"]) == (customer_id, status)
        ]

    def finalize_now(self, identifier: str) -> Data:
        """Before its hour is over, and without collecting it."""
        invoice = _of(self.invoices, "invoice", identifier)
        if invoice["status"] != "draft":
            raise Refusal(400, "This invoice is already finalized.")
        return self.finalize(invoice, collects=False)

    def pay_now(self, identifier: str) -> Data:
        invoice = _of(self.invoices, "invoice", identifier)
        if invoice["status"] != "open" or self.customers[invoice["customer"]].get("deleted"):
            raise Refusal(400, "This invoice can no longer be paid.")
        self._collect(invoice, pays=not self.declines)
        if self.declines:
            raise Refusal(402, "Your card was declined.", "card_declined", "card_error")
        return invoice

    def record_usage(self, values: Data) -> Data:
        """https://docs.stripe.com/api/billing/meter-event/create"""
        payload, identifier = values.get("payload", {}), values.get("identifier", "")
        at = int(values.get("timestamp", self._time))
        if values.get("event_name") != METER_EVENT:
            raise Refusal(400, f"There is no active meter with event name {values.get('event_name')}.")
        if not str(payload.get("value", "")).isdecimal() or payload.get("stripe_customer_id") not in self.customers:
            raise Refusal(400, f"The payload cannot be read: {payload}")
        if not self._time - 35 * DAY_S <= at <= self._time + 300:
            raise Refusal(400, f"The timestamp {at} is not within the past 35 days.")
        if identifier in self.meter_events:
            raise Refusal(400, f"An event already exists with identifier {identifier}.")
        made = {"object": "billing.meter_event", **values, "timestamp": at, "created": self._time, "livemode": False}
        self.meter_events[identifier] = made
        return made

    # --- People -----------------------------------------------------------------------------------------------------

    def pay(self, session_id: str) -> Data:
        """Somebody fills in the checkout page; the subscription that begins."""
        session = _of(self.sessions, "checkout.session", session_id)
        assert session["status"] == "open", session["status"]
        subscription = self._subscribe(session, self._wanted[session_id])
        session |= {"status": "complete", "payment_status": "paid", "subscription": subscription["id"]}
        self._tell("customer.subscription.created", subscription)
        self._tell("checkout.session.completed", session)
        self.finalize(self._draft(subscription, "subscription_create", renews=True))
        return subscription

    def cancel_in_portal(self, subscription: Data) -> None:
        """Somebody cancels; the subscription runs until its period ends."""
        subscription["cancel_at_period_end"], subscription["canceled_at"] = True, self._time
        self._tell("customer.subscription.updated", subscription)

    def resume_in_portal(self, subscription: Data) -> None:
        subscription["cancel_at_period_end"], subscription["canceled_at"] = False, None
        self._tell("customer.subscription.updated", subscription)

    def settle(self, invoice: Data) -> None:
        """Somebody pays an invoice that could not be collected."""
        self._collect(invoice, pays=True)

    # --- Time -------------------------------------------------------------------------------------------------------

    def turn_month(self) -> list[Data]:
        """Begin the periods that are due: their invoices, drafts for an hour yet."""
        due = [found for found in self.subscriptions.values() if found["status"] in LIVE and self._is_due(found)]
        return [self._renew(subscription) for subscription in due]

    def finalize(self, invoice: Data, *, pays: bool = True, collects: bool = True) -> Data:
        """The hour is over: the usage is counted for the last time, and the customer is charged."""
        self._count_usage(invoice)
        invoice["status"], invoice["status_transitions"]["finalized_at"] = "open", self._time
        self._tell("invoice.finalized", invoice)
        if collects:
            self._collect(invoice, pays=pays)
        return invoice

    def give_up(self, subscription: Data) -> None:
        """The last attempt to collect has failed."""
        self._end(subscription, self._time, "payment_failed")

    # --- Inside -----------------------------------------------------------------------------------------------------

    @property
    def _time(self) -> int:
        return int(self.now.timestamp())

    def _id(self, prefix: str) -> str:
        self._made[prefix] += 1
        return f"{prefix}_{self._made[prefix]:06}"

    def _tell(self, type: str, about: Data) -> None:
        """Events hold a snapshot, which is old by the time that anybody reads it."""
        self.events.append(
            {
                "id": self._id("evt"),
                "object": "event",
                "type": type,
                "api_version": "2026-08-26.dahlia",
                "created": self._time,
                "data": {"object": copy.deepcopy(about)},
                "livemode": False,
                "pending_webhooks": 1,
                "request": {"id": None, "idempotency_key": None},
            }
        )

    def _subscribe(self, session: Data, wanted: Data) -> Data:
        data = wanted.get("subscription_data", {})
        anchor = data.get("billing_cycle_anchor_config", {})
        assert anchor == {"day_of_month": "1", "hour": "0", "minute": "0", "second": "0"}, anchor
        made = objects.subscription(
            self._id("sub"), session["customer"], self._time, self._month_end(), data.get("metadata", {})
        )
        for line in wanted["line_items"]:
            bought = self.prices[line["price"]]
            made["items"]["data"].append(
                objects.item(self._id("si"), made["id"], bought, self._time, self._month_end())
            )
        self.subscriptions[made["id"]] = made
        return made

    def _month_end(self) -> int:
        year, month = divmod(self.now.year * 12 + self.now.month, 12)
        start = self.now.replace(year=year, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
        return int(start.timestamp())

    def _month_start(self) -> int:
        return int(self.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp())

    def _is_due(self, subscription: Data) -> bool:
        return bool(subscription["items"]["data"][0]["current_period_end"] <= self._time)

    def _renew(self, subscription: Data) -> Data:
        renews = not subscription["cancel_at_period_end"]
        over = (subscription["items"]["data"][0][f"current_period_{end}"] for end in ("start", "end"))
        start, end = over
        if renews:
            for item in subscription["items"]["data"]:
                item["current_period_start"], item["current_period_end"] = end, self._month_end()
        else:
            self._end(subscription, end, "cancellation_requested")
        invoice = self._draft(subscription, "subscription_cycle", renews=renews, usage=(start, end))
        if renews:
            self._tell("customer.subscription.updated", subscription)
        return invoice

    def _draft(self, subscription: Data, reason: str, *, renews: bool, usage: tuple[int, int] | None = None) -> Data:
        """The fixed price in advance, for what the period is of a month; the usage of the period that is over."""
        made = objects.invoice(
            self._id("in"), len(self.invoices) + 1, subscription["customer"], subscription["id"], reason, self._time
        )
        item = subscription["items"]["data"][0]
        start, end = item["current_period_start"], item["current_period_end"]
        if renews:
            cents = round(PRO_CENTS * (end - start) / (self._month_end() - self._month_start()))
            made["lines"]["data"].append(self._line(made, PRO, 1, cents, start, end))
        self.invoices[made["id"]] = made
        self._wanted[made["id"]] = {"usage": usage or (start, self._time + 1)}
        subscription["latest_invoice"] = made["id"]
        self._count_usage(made)
        self._tell("invoice.created", made)
        return made

    def _count_usage(self, invoice: Data) -> None:
        start, end = self._wanted[invoice["id"]]["usage"]
        minutes = sum(
            int(event["payload"]["value"])
            for event in self.meter_events.values()
            if event["payload"]["stripe_customer_id"] == invoice["customer"] and start <= event["timestamp"] < end
        )
        lines = [line for line in invoice["lines"]["data"] if line["description"] != OVERAGE]
        if minutes:
            lines.append(self._line(invoice, OVERAGE, minutes, minutes * MINUTE_CENTS, start, end))
        total = sum(line["amount"] for line in lines)
        invoice["lines"]["data"] = lines
        invoice |= {"subtotal": total, "total": total, "amount_due": total, "amount_remaining": total}

    def _line(self, invoice: Data, price: str, quantity: int, cents: int, start: int, end: int) -> Data:
        return objects.line(self._id("il"), invoice["id"], self.prices[price], quantity, cents, start, end)

    def _collect(self, invoice: Data, *, pays: bool) -> None:
        identifier = invoice["parent"]["subscription_details"]["subscription"]
        subscription = self.subscriptions[identifier]
        invoice |= {"attempted": True, "attempt_count": invoice["attempt_count"] + 1}
        if pays:
            invoice |= {"status": "paid", "amount_paid": invoice["total"], "amount_remaining": 0}
            invoice["status_transitions"]["paid_at"] = self._time
        if subscription["status"] in LIVE:
            subscription["status"] = "active" if pays else "past_due"
        for event in ("invoice.paid", "invoice.payment_succeeded") if pays else ("invoice.payment_failed",):
            self._tell(event, invoice)
        self._tell("customer.subscription.updated", subscription)

    def _end(self, subscription: Data, at: int, reason: str) -> None:
        subscription |= {"status": "canceled", "ended_at": at, "canceled_at": subscription["canceled_at"] or at}
        subscription["cancellation_details"] = {"reason": reason}
        self._tell("customer.subscription.deleted", subscription)


def _of(kept: dict[str, Any], kind: str, identifier: str) -> Data:
    if identifier not in kept:
        raise missing(kind, identifier)
    found: Data = kept[identifier]
    return found
