"""Receivers on the loopback that remember what they were sent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.loopback import Behaviour, QuietHandler, http_server, send, serving


def answers(status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> Behaviour:
    """One answer to everything."""
    return lambda handler: send(handler, body, status, headers)


@dataclass(frozen=True)
class Call:
    """One request as it came in; names of headers are lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


@dataclass
class Receiver:
    """A server that keeps its calls. `behaviour` may be changed at any time."""

    behaviour: Behaviour = field(default_factory=lambda: answers(204))
    calls: list[Call] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def types(self) -> list[str]:
        return [call.json["type"] for call in self.calls]


@contextmanager
def receiving(receiver: Receiver) -> Iterator[Receiver]:
    class Handler(QuietHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.calls.append(Call(self.path, headers, body))
            receiver.behaviour(self)

        def do_GET(self) -> None:
            self.do_POST()

    server = http_server(Handler)
    receiver.port = server.server_port
    with serving(server):
        yield receiver
