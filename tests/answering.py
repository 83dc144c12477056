"""Web servers on the loopback that give one answer to everything."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

Start = Callable[..., str]


@contextmanager
def answering_servers(path: str) -> Iterator[Start]:
    """Gives `start(body, status=200)`, which starts a server and returns its address, ending in `path`."""
    servers: list[HTTPServer] = []

    def start(body: bytes, status: int = 200) -> str:
        servers.append(HTTPServer(("127.0.0.1", 0), _answer(body, status)))
        Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}{path}"

    try:
        yield start
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _answer(body: bytes, status: int) -> type[BaseHTTPRequestHandler]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Answer
