"""The HTTP half: keys, idempotency, errors, and faults on request."""

import json
import re
from collections import deque
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import RLock, Thread
from typing import Any, Self
from urllib.parse import urlsplit

from tests.stripe_server.books import Books
from tests.stripe_server.forms import parse
from tests.stripe_server.objects import ACCOUNT, Data, Refusal, listed, missing

KEY = "sk_test_" + "0" * 24
BROKEN_BEFORE = "broken before"
BROKEN_AFTER = "broken after"
"""The connection breaks before, or after, the request has had its effect."""
HELD = "held"
"""The request has its effect, and no answer comes for as long as the client waits."""

Route = tuple[str, re.Pattern[str], Callable[..., Data]]


class StripeServer:
    """The service. `requests` are all that came; `fail` puts faults before the next requests to a path."""

    def __init__(self, now: datetime) -> None:
        self.books = Books(now)
        self.requests: list[tuple[str, str, Data]] = []
        self._answers: dict[str, tuple[str, int, Data]] = {}
        self._faults: dict[str, deque[str | int]] = {}
        self._lock = RLock()
        self._routes = _routes(self.books)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fail(self, path: str, *faults: str | int) -> None:
        """Statuses, or BROKEN_BEFORE, BROKEN_AFTER and HELD, for the next requests to this path."""
        self._faults.setdefault(path, deque()).extend(faults)

    def count(self, method: str, path: str) -> int:
        """How many requests have come."""
        return sum((method, path) == (asked, where) for asked, where, _ in self.requests)

    def fault(self, path: str) -> str | int | None:
        waiting = self._faults.get(path)
        return waiting.popleft() if waiting else None

    def answer(self, method: str, path: str, values: Data, key: str | None) -> tuple[int, Data]:
        """One request at a time, like a database that does it in a transaction."""
        with self._lock:
            self.requests.append((method, path, values))
            try:
                return self._once(method, path, values, key)
            except Refusal as refusal:
                return refusal.status, refusal.body

    def _once(self, method: str, path: str, values: Data, key: str | None) -> tuple[int, Data]:
        """https://docs.stripe.com/api/idempotent_requests: results are kept, errors of validation are not."""
        asked = json.dumps([method, path, values], sort_keys=True)
        if key in self._answers:
            before, status, body = self._answers[key]
            if before != asked:
                message = (
                    "Keys for idempotent requests can only be used with the same parameters they were first used with."
                )
                raise Refusal(400, message, type="idempotency_error")
            return status, body
        body = json.loads(json.dumps(self._perform(method, path, values)))
        if key and method == "POST":
            self._answers[key] = (asked, 200, body)
        return 200, body

    def _perform(self, method: str, path: str, values: Data) -> Data:
        for wanted, pattern, act in self._routes:
            if wanted == method and (match := pattern.fullmatch(path)):
                return act(*match.groups(), values)
        raise Refusal(404, f"Unrecognized request URL ({method}: {path}).")


def _routes(books: Books) -> list[Route]:
    def kept(kind: str, objects: dict[str, Data]) -> Callable[[str, Data], Data]:
        def find(identifier: str, values: Data) -> Data:
            if identifier not in objects:
                raise missing(kind, identifier)
            return objects[identifier]

        return find

    def subscriptions(values: Data) -> Data:
        assert values.get("status") == "all"
        found = books.subscriptions_of(values.get("customer", ""))
        if "data.latest_invoice" in values.get("expand", []):
            found = [{**one, "latest_invoice": books.invoices.get(one["latest_invoice"])} for one in found]
        return listed(found, "/v1/subscriptions")

    def invoices(values: Data) -> Data:
        return listed(books.invoices_of(values.get("customer", ""), values.get("status", "")), "/v1/invoices")

    table: list[tuple[str, str, Callable[..., Data]]] = [
        ("GET", "/v1/account", lambda values: ACCOUNT),
        ("GET", "/v1/products/([^/]+)/features", lambda identifier, values: listed([], "/v1/products")),
        ("GET", "/v1/products/([^/]+)", kept("product", books.products)),
        ("GET", "/v1/prices/(.+)", kept("price", books.prices)),
        ("POST", "/v1/customers", books.create_customer),
        ("GET", "/v1/customers/(.+)", lambda identifier, values: books.customer(identifier)),
        ("DELETE", "/v1/customers/(.+)", lambda identifier, values: books.delete_customer(identifier)),
        ("POST", "/v1/checkout/sessions", books.create_session),
        ("POST", "/v1/checkout/sessions/(.+)/expire", lambda identifier, values: books.expire_session(identifier)),
        ("POST", "/v1/billing_portal/sessions", books.create_portal),
        ("GET", "/v1/subscriptions", subscriptions),
        ("GET", "/v1/subscriptions/(.+)", kept("subscription", books.subscriptions)),
        ("DELETE", "/v1/subscriptions/(.+)", books.cancel),
        ("GET", "/v1/invoices", invoices),
        ("POST", "/v1/invoices/([^/]+)/finalize", lambda identifier, values: books.finalize_now(identifier)),
        ("POST", "/v1/invoices/([^/]+)/pay", lambda identifier, values: books.pay_now(identifier)),
        ("GET", "/v1/invoices/([^/]+)", kept("invoice", books.invoices)),
        ("POST", "/v1/billing/meter_events", books.record_usage),
    ]
    return [(method, re.compile(pattern), act) for method, pattern, act in table]


def _handler(service: StripeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30
        # One packet for an answer: two of them would wait for each other.
        wbufsize = 65536

        def do_GET(self) -> None:
            self._serve("GET")

        def do_POST(self) -> None:
            self._serve("POST")

        def do_DELETE(self) -> None:
            self._serve("DELETE")

        def _serve(self, method: str) -> None:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            fault = service.fault(address.path)
            if fault == BROKEN_BEFORE:
                self.close_connection = True
            elif isinstance(fault, int):
                self._answer(fault, {"error": {"type": "api_error", "message": "An error on our side."}})
            elif self.headers.get("Authorization") != f"Bearer {KEY}":
                self._answer(401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key provided."}})
            else:
                values = parse("&".join(filter(None, (address.query, body))))
                answer = service.answer(method, address.path, values, self.headers.get("Idempotency-Key"))
                if fault == HELD:
                    self.rfile.read(1)
                if fault in (BROKEN_AFTER, HELD):
                    self.close_connection = True
                else:
                    self._answer(*answer)

        def _answer(self, status: int, data: Any) -> None:
            body = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Request-Id", "req_loopback")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler
