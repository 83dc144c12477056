"""Opens sockets to public addresses only.

The check happens where the socket is opened, on the addresses that it will really be opened to: nothing between the
check and the connection can give another answer. The connection goes to the checked address; the host's name is used
for TLS and the Host header alone.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address
from typing import Any

import httpcore

from framelane.lib.net.addresses import Address, Network, is_in, is_public
from framelane.lib.net.errors import NotFound, Refused, TimedOut

PORTS = (80, 443)
MAX_ADDRESSES = 8

Resolve = Callable[[str, int], Sequence[str]]


def resolve_by_system(host: str, port: int) -> list[str]:
    """The host's addresses, as texts. Raises OSError or UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Deadline:
    """A point in time that everything a fetch does must keep."""

    def __init__(self, timeout_s: float) -> None:
        self._at = time.monotonic() + timeout_s

    def within(self, timeout_s: float | None) -> float:
        """How long the next step may take, in seconds. Raises httpcore.ReadTimeout when the time is up."""
        left_s = self._at - time.monotonic()
        if left_s <= 0:
            raise httpcore.ReadTimeout("the time for the whole request is up")
        return left_s if timeout_s is None else min(left_s, timeout_s)


class GuardedBackend(httpcore.NetworkBackend):
    """httpcore's way to sockets. `allow` are networks that may be reached besides the public ones, on any port."""

    def __init__(self, allow: Sequence[Network], deadline: Deadline, resolve: Resolve = resolve_by_system) -> None:
        self._allow = allow
        self._deadline = deadline
        self._resolve = resolve
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises NotFound, Refused, TimedOut, or httpcore's ConnectError and ConnectTimeout."""
        addresses = self._addresses(host, port, self._deadline.within(timeout))
        for address in addresses:
            self._admit(address, host, port)
        last: Exception = NotFound(f"The host {host!r} has no address.")
        for address in addresses[:MAX_ADDRESSES]:
            try:
                stream = self._plain.connect_tcp(str(address), port, self._deadline.within(timeout))
                return _TimedStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    def _addresses(self, host: str, port: int, timeout_s: float) -> list[Address]:
        try:
            texts = _call_within(timeout_s, lambda: self._resolve(host, port))
            return [ip_address(text.partition("%")[0]) for text in texts]
        except TimeoutError:
            raise TimedOut(f"Looking up the host {host!r} took too long.", retryable=True) from None
        except socket.gaierror as error:
            is_temporary = error.errno == socket.EAI_AGAIN
            raise NotFound(f"The host {host!r} cannot be found.", retryable=is_temporary) from None
        except (OSError, ValueError):
            raise NotFound(f"The host {host!r} cannot be found.") from None

    def _admit(self, address: Address, host: str, port: int) -> None:
        """One bad address among good ones is enough: which of them is used must not be a matter of luck."""
        if is_in(address, self._allow):
            return
        if not is_public(address):
            raise Refused(f"The host {host!r} does not lie on the public Internet.")
        if port not in PORTS:
            raise Refused(f"Port {port} may not be used; 80 and 443 may.")


class _TimedStream(httpcore.NetworkStream):
    """A stream that ends with the deadline, however steadily it drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.within(timeout))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _call_within(timeout_s: float, call: Callable[[], Sequence[str]]) -> Sequence[str]:
    """What `call` returns or raises. Raises TimeoutError: the system's resolver cannot be interrupted, only left."""
    outcome: list[Sequence[str] | Exception] = []

    def run() -> None:
        try:
            outcome.append(call())
        except (OSError, ValueError) as error:
            outcome.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(timeout_s)
    if not outcome:
        raise TimeoutError
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]
