"""Mail servers on the loopback: one that speaks SMTP, one that speaks the HTTP of a mail service."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, TCPServer, ThreadingTCPServer
from typing import Any

from tests.loopback import QuietHandler, http_server, send, serving


@dataclass
class Received:
    """What a server was sent. `replies` are its answers to recipients, or to requests; the last one stays."""

    port: int = 0
    messages: list[Any] = field(default_factory=list)
    replies: list[Any] = field(default_factory=list)

    def reply(self) -> Any:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextmanager
def smtp_server(*replies: str) -> Iterator[Received]:
    """As much of RFC 5321 as it takes; `replies` answer RCPT, an empty one leaves the client waiting."""
    received = Received(replies=list(replies) or ["250 OK"])

    class Session(StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 loopback")
            while line := self.rfile.readline().decode():
                verb = line.split(" ")[0].strip().upper()
                if verb == "DATA":
                    self.say("354 go on")
                    received.messages.append(self.data())
                self.say(received.reply() if verb == "RCPT" else "221 bye" if verb == "QUIT" else "250 OK")

        def say(self, line: str) -> None:
            if line:
                self.wfile.write(f"{line}\r\n".encode())

        def data(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line)
            return b"".join(lines)

    with _running(ThreadingTCPServer(("127.0.0.1", 0), Session), received):
        yield received


@contextmanager
def service_server(*replies: tuple[int, Any]) -> Iterator[Received]:
    """Answers POST with status and JSON; keeps path, headers and body."""
    received = Received(replies=list(replies))

    class Answer(QuietHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.messages.append((self.path, dict(self.headers), body))
            status, answer = received.reply()
            send(self, json.dumps(answer).encode(), status, {"Content-Type": "application/json"})

    with _running(http_server(Answer), received):
        yield received


@contextmanager
def _running(server: TCPServer, received: Received) -> Iterator[None]:
    received.port = server.server_address[1]
    with serving(server):
        yield
