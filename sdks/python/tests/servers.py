"""Servers of the tests, which the platform calls or fetches files from."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from live import PATIENCE_S, SAMPLES


@dataclass(frozen=True)
class Received:
    """One webhook call."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def type(self) -> str:
        found: str = json.loads(self.body)["type"]
        return found

    @property
    def event_id(self) -> str:
        found: str = json.loads(self.body)["id"]
        return found


class _Server(ThreadingHTTPServer):
    # With the five of the base class a sixth connection, on a busy machine, is only made a second later.
    request_queue_size = 128


class Receiver:
    """A server that takes webhook calls, and keeps them."""

    def __init__(self) -> None:
        self.calls: list[Received] = []
        self._changed = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def wait_for(self, wanted: Callable[[Received], bool], count: int = 1) -> Received:
        """The first call that fits, once there are so many."""
        with self._changed:
            come = self._changed.wait_for(lambda: sum(map(wanted, self.calls)) >= count, PATIENCE_S)
            assert come, f"it did not come; there are {[call.type for call in self.calls]}"
            return next(filter(wanted, self.calls))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _keep(self, call: Received) -> None:
        with self._changed:
            self.calls.append(call)
            self._changed.notify_all()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        keep = self._keep

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                keep(Received(self.path, dict(self.headers.items()), body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        return Handler


class Shelf:
    """A server that has the sample files."""

    def __init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Files)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/{name}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Files(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments, directory=str(SAMPLES))

    def log_message(self, format: str, *arguments: Any) -> None:
        pass
