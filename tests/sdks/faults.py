"""Faults that a proxy puts between a client and the platform, what it has seen, and the server that both are asked by.

`POST /faults` takes a list of faults, each used up by the first requests that match; `GET /faults` tells which are left
and `DELETE /faults` drops them. `GET /log` tells of every request that came; `DELETE /log` forgets them.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Lock
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from framelane.api.error_codes import ERROR_CODES
from tests.loopback import QuietHandler, send

Action = Literal["status", "cut_before", "cut_after", "cut_body", "cut_request", "delay"]
ACTIONS = get_args(Action)
SECRET_HEADERS = frozenset({"authorization"})


class Fault(BaseModel):
    """What happens to the next `times` requests of a method (None: any) to a path, a regular expression.

    `status` answers itself, by `body` (JSON, or a text as HTML) or an error of the API; `cut_before` closes the
    connection and `cut_after` does after the platform has acted; `cut_body` closes after `bytes` of the answer's body
    and `cut_request` after so many of the request's; `delay` forwards after `seconds`.
    """

    model_config = ConfigDict(extra="forbid")

    path: str
    action: Action
    method: str | None = None
    times: int = Field(default=1, ge=1)
    status: int = Field(default=503, ge=200, le=599)
    headers: dict[str, str] = {}
    body: Any = None
    size_bytes: int = Field(default=0, ge=0, alias="bytes")
    seconds: float = Field(default=0.0, ge=0, le=60)

    def matches(self, method: str, path: str) -> bool:
        return self.method in (None, method) and re.search(self.path, path) is not None

    def answer(self) -> tuple[bytes, str]:
        """The body of a `status` fault and its type."""
        if isinstance(self.body, str):
            return self.body.encode(), "text/html"
        return json.dumps(_error(self.status) if self.body is None else self.body).encode(), "application/json"


def _error(status: int) -> dict[str, Any]:
    """The API's own error of a status; of another status, what the last resort says."""
    codes = [code for code, entry in ERROR_CODES.items() if status in entry.statuses]
    return {"error": {"code": codes[0] if codes else "internal", "message": "A fault of the stand.", "details": {}}}


@dataclass(slots=True)
class Seen:
    """One request. `path` is without its query; `status` is what the client was told, None for a broken answer."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    forwarded: bool = False
    status: int | None = None


@dataclass
class Book:
    """The faults that wait and the requests that came; safe to use from many threads."""

    _faults: list[Fault] = field(default_factory=list)
    _log: list[Seen] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def add(self, faults: list[Fault]) -> None:
        with self._lock:
            self._faults.extend(faults)

    def left(self) -> list[Fault]:
        with self._lock:
            return list(self._faults)

    def drop(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault that matches, used once."""
        with self._lock:
            fault = next((fault for fault in self._faults if fault.matches(method, path)), None)
            if fault is not None:
                fault.times -= 1
                self._faults = [other for other in self._faults if other.times]
            return fault

    def note(self, method: str, target: str, headers: dict[str, str]) -> Seen:
        """Begin the entry of a request; the proxy fills in how it ends."""
        path, _, query = target.partition("?")
        shown = {name: value for name, value in headers.items() if name.lower() not in SECRET_HEADERS}
        seen = Seen(method, path, query, shown)
        with self._lock:
            self._log.append(seen)
        return seen

    def log(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(seen) for seen in self._log]

    def forget(self) -> None:
        with self._lock:
            self._log.clear()


_FAULTS = TypeAdapter(list[Fault])


def control(book: Book) -> type[BaseHTTPRequestHandler]:
    """The handler of the server that faults are ordered from."""

    class Control(QuietHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/faults":
                self._say(200, [fault.model_dump(by_alias=True) for fault in book.left()])
            else:
                self._say(*((200, book.log()) if self.path == "/log" else _UNKNOWN))

        def do_DELETE(self) -> None:
            forget = {"/faults": book.drop, "/log": book.forget}.get(self.path)
            if forget is not None:
                forget()
            self._say(*(_UNKNOWN if forget is None else (200, [])))

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._say(*(_added(book, text) if self.path == "/faults" else _UNKNOWN))

        def _say(self, status: int, answer: Any) -> None:
            send(self, json.dumps(answer).encode(), status, {"Content-Type": "application/json"})

    return Control


_UNKNOWN = (404, {"error": "There are /faults (GET, POST, DELETE) and /log (GET, DELETE)."})


def _added(book: Book, text: bytes) -> tuple[int, Any]:
    try:
        faults = _FAULTS.validate_json(text)
        for fault in faults:
            re.compile(fault.path)
    except (ValidationError, re.error) as error:
        return 400, {"error": str(error)}
    book.add(faults)
    return 200, [fault.model_dump(by_alias=True) for fault in faults]
