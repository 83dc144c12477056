"""`framelane webhooks listen`: events at an address that only this machine can reach."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import httpx

from framelane.cli.context import Context
from framelane.cli.events import Event, Watch, matches, new_secret, signed_headers
from framelane.cli.failures import USAGE, CommandFailed
from framelane.errors import ConnectionFailed, FramelaneError, RateLimited, Unavailable
from framelane.types import JobOut

ANSWER_TIMEOUT_S = 10.0
"""What the platform gives receivers."""
_LOOK_AT = 50
_MAX_BODY_BYTES = 1_000_000
_PASSED_ON = (
    "content-type",
    "framelane-signature",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "user-agent",
)


def listen(context: Context) -> None:
    """Forward until Ctrl-C."""
    options = context.options
    _require_address(options.forward_to, "--forward-to")
    with httpx.Client(timeout=ANSWER_TIMEOUT_S, follow_redirects=False, trust_env=False) as http:
        forward = Forwarder(context, http, options.forward_to)
        if options.public_url is None:
            _watch(context, forward)
        else:
            _require_address(options.public_url, "--public-url")
            _receive(context, forward)


def _require_address(url: str, option: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CommandFailed(f"{option} {url!r}: an address like http://localhost:3000/hook is accepted", code=USAGE)


class Forwarder:
    """Sends calls to the local address, and tells of each."""

    def __init__(self, context: Context, http: httpx.Client, url: str) -> None:
        self._terminal = context.terminal
        self._http = http
        self._url = url

    def send(self, kind: str, about: str, body: bytes, headers: dict[str, str]) -> int:
        """Send one call; returns the status that answers it, 502 where nobody does."""
        began = time.monotonic()
        try:
            answer = self._http.post(self._url, content=body, headers=headers)
            status, told = answer.status_code, str(answer.status_code)
        except httpx.TransportError as error:
            status, told = 502, f"no answer: {str(error) or type(error).__name__}"
        took_ms = round((time.monotonic() - began) * 1000)
        good = 200 <= status < 300
        data = {"type": kind, "about": about, "status": status, "took_ms": took_ms}
        if self._terminal.as_json:
            print(json.dumps(data), flush=True)
        else:
            colour = "green" if good else "red"
            shown = self._terminal.paint(told, colour)
            print(f"{time.strftime('%H:%M:%S')}  {kind.ljust(18)}  {about}  → {shown}  ({took_ms} ms)", flush=True)
        return status


def _watch(context: Context, forward: Forwarder) -> None:
    """Look at the lists again and again, and make events of what has changed."""
    options, secret = context.options, new_secret()
    watch = Watch(context.client.workspace.get().id)
    _look(context, watch)  # what is there already
    _say_ready(context, secret, f"watching {context.base_url} every {options.interval:g} s")
    while True:
        time.sleep(options.interval)
        try:
            events = _look(context, watch)
        except (ConnectionFailed, RateLimited, Unavailable) as error:
            context.terminal.warning(f"{error}; trying again")
            continue
        for event in events:
            if matches(event.type, options.events):
                forward.send(event.type, event.about, event.body, signed_headers(event, secret))


def _look(context: Context, watch: Watch) -> list[Event]:
    client, wanted = context.client, context.options.events
    jobs: list[JobOut] = []
    for kind, resource in (("render", client.renders), ("task", client.tasks)):
        if not _concerns(kind, wanted):
            continue
        recent = list(next(resource.list(limit=_LOOK_AT).pages()).data)
        seen = {job.id for job in recent}
        older = [
            resource.get(job_id) for job_id in watch.open_jobs if job_id.startswith(f"{kind}_") and job_id not in seen
        ]
        jobs += [*older, *reversed(recent)]
    assets = list(next(client.assets.list(limit=_LOOK_AT).pages()).data)[::-1] if _concerns("asset", wanted) else []
    return list(watch.look(jobs, assets))


def _concerns(kind: str, patterns: Any) -> bool:
    return not patterns or any(pattern == "*" or pattern.startswith(f"{kind}.") for pattern in patterns)


def _say_ready(context: Context, secret: str, how: str) -> None:
    context.terminal.note(f"{how}; Ctrl-C ends it")
    if context.terminal.as_json:
        print(json.dumps({"secret": secret, "forward_to": context.options.forward_to}), flush=True)
    else:
        print(f"secret of this session: {secret}", flush=True)


def _receive(context: Context, forward: Forwarder) -> None:
    """Take the platform's own calls on a local port, by a webhook that exists as long as this runs."""
    options = context.options
    with _server(options.port) as (calls, port):
        webhook = context.client.webhooks.create(url=options.public_url, events=options.events or ["*"])
        try:
            how = f"webhook {webhook.id} at {options.public_url} is received on 127.0.0.1:{port}"
            _say_ready(context, webhook.secret or "", how)
            _pass_on(calls, forward)
        finally:
            _remove(context, webhook.id)


def _pass_on(calls: queue.Queue[_Call], forward: Forwarder) -> None:
    while True:
        try:
            call = calls.get(timeout=0.5)  # a wait without end would keep Windows from hearing Ctrl-C
        except queue.Empty:
            continue
        status = 502
        try:
            status = forward.send(call.type, call.about, call.body, call.headers)
        finally:
            call.answer(status)


def _remove(context: Context, webhook_id: str) -> None:
    try:
        context.client.webhooks.delete(webhook_id)
        context.terminal.note(f"webhook {webhook_id} is removed")
    except FramelaneError as error:
        context.terminal.warning(f"webhook {webhook_id} is still there: {error}")


class _Call:
    """A call that waits for its answer."""

    def __init__(self, body: bytes, headers: dict[str, str]) -> None:
        self.body = body
        self.headers = headers
        self.type, self.about = _subject(body)
        self._answered = threading.Event()
        self._status = 504

    def answer(self, status: int) -> None:
        self._status = status
        self._answered.set()

    def status(self) -> int:
        """The status to answer with, once it is known."""
        self._answered.wait(ANSWER_TIMEOUT_S + 1)
        return self._status


def _subject(body: bytes) -> tuple[str, str]:
    try:
        event = json.loads(body)
        things = list(event["data"].values())
        return str(event["type"]), str(things[0]["id"]) if things else ""
    except (ValueError, KeyError, TypeError, AttributeError):
        return "?", ""


@contextmanager
def _server(port: int) -> Iterator[tuple[queue.Queue[_Call], int]]:
    """A server on the loopback interface that hands its calls over."""
    calls: queue.Queue[_Call] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            if not 0 <= size <= _MAX_BODY_BYTES:
                self.send_error(413)
                return
            kept = {name: value for name, value in self.headers.items() if name.lower() in _PASSED_ON}
            call = _Call(self.rfile.read(size), kept)
            calls.put(call)
            self.send_response(call.status())
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """The forwarder tells of every call."""

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError as error:
        raise CommandFailed(f"--port {port}: {error.strerror}") from None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield calls, server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
