"""What goes over the wire, and the steps that a flow asks its driver to take.

A flow is a generator: it yields steps and is sent their results, and holds every decision of this package without doing
any input or output. The two clients drive the same flows, one by blocking, one by awaiting.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, Union

import httpx

T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """One HTTP request. `timeout_s` is how long to wait for the connection, and for each next bytes."""

    method: str
    url: str
    timeout_s: float
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    params: Mapping[str, Any] = field(default_factory=dict)
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Answer:
    """An answer; of one that is read piece by piece the body is empty."""

    status: int
    headers: httpx.Headers
    body: bytes = b""


class Broken(Exception):
    """No (whole) answer came. `sent` says whether the request may have reached the server."""

    def __init__(self, reason: str, *, sent: bool, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.sent = sent
        self.timed_out = timed_out


@dataclass(frozen=True)
class Send:
    """Send a request; the result is its `Answer`. Raises Broken."""

    request: Request


@dataclass(frozen=True)
class Open:
    """Send a request whose answer is read by `Next`; the result is an `Answer` without body. Raises Broken."""

    request: Request


@dataclass(frozen=True)
class Next:
    """The next bytes of the answer that was opened last; none at its end. Raises Broken."""


@dataclass(frozen=True)
class Sleep:
    """Wait."""

    seconds: float


@dataclass(frozen=True)
class Do:
    """Call something that may take a while (files, streams), off the event loop; the result is what it returns."""

    action: Callable[..., Any]
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Tell:
    """Call what the user gave us to be told of progress."""

    listener: Callable[..., Any]
    arguments: tuple[Any, ...]


Step = Union[Send, Open, Next, Sleep, Do, Tell]
Flow = Generator[Step, Any, T]


def tell(listener: Callable[..., Any] | None, *arguments: Any) -> Flow[None]:
    """Tell a listener, if there is one."""
    if listener is not None:
        yield Tell(listener, arguments)
