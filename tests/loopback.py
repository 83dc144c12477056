"""Servers on the loopback, as they are run in tests."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Thread
from typing import Any


class QuietHandler(BaseHTTPRequestHandler):
    """Writes no log."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(server: TCPServer) -> Iterator[str]:
    """Runs a server until the block ends; the URL at which it answers."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _PatientServer(ThreadingHTTPServer):
    # With the five of the base class a sixth connection, on a busy machine, is only made a second later.
    request_queue_size = 128


def http_server(handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    """A server on a port of its own, whose end waits for nobody who still is being answered."""
    server = _PatientServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    return server


Behaviour = Callable[[BaseHTTPRequestHandler], None]
"""How a server treats a request."""


def send(
    handler: BaseHTTPRequestHandler, body: bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None
) -> None:
    """A whole answer; `headers` come beside the length, or replace it."""
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
