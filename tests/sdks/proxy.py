"""A proxy on loopback that does to requests what the faults in a book say and passes on everything else as it comes."""

import contextlib
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from tests.loopback import QuietHandler, http_server, send, serving
from tests.sdks.faults import Book, Fault, Seen, control

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PIECE_BYTES = 64 * 1024
MAX_HEAD_BYTES = 256 * 1024
UPSTREAM_TIMEOUT_S = 120
HOP_BY_HOP = frozenset({"connection", "keep-alive", "proxy-connection", "expect"})
"""What concerns one connection alone: here each one serves one request, and `100 Continue` is said by the proxy."""


@dataclass
class Proxy:
    """A running proxy. `target` is where requests go, and is set before the first one."""

    url: str
    faults_url: str
    book: Book
    target: str = ""


@contextmanager
def faulty_proxy() -> Iterator[Proxy]:
    """Run a proxy and the server that faults are ordered from."""
    with ExitStack() as stack:
        book = Book()
        proxy = Proxy("", stack.enter_context(serving(http_server(control(book)))), book)
        proxy.url = stack.enter_context(serving(http_server(_handler(proxy))))
        yield proxy


class CutShort(ConnectionError):
    """The other side went away in the middle, or a fault says that it did."""


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(QuietHandler):
        protocol_version = "HTTP/1.1"
        timeout = UPSTREAM_TIMEOUT_S

        def treat(self) -> None:
            seen = proxy.book.note(self.command, self.path, dict(self.headers.items()))
            with contextlib.suppress(OSError):  # whoever went away, the other side sees a closed connection
                _treat(self, proxy, proxy.book.take(self.command, seen.path), seen)
            self.close_connection = True

        def __getattr__(self, name: str) -> object:
            if name.removeprefix("do_") in METHODS:
                return self.treat
            raise AttributeError(name)

    return Handler


def _treat(handler: BaseHTTPRequestHandler, proxy: Proxy, fault: Fault | None, seen: Seen) -> None:
    action = fault.action if fault else None
    if fault is not None and action == "delay":
        time.sleep(fault.seconds)
    if fault is not None and action == "status":
        _answer(handler, fault, seen)
    elif action != "cut_before":
        _forward(handler, proxy, fault, seen)


def _answer(handler: BaseHTTPRequestHandler, fault: Fault, seen: Seen) -> None:
    for _ in pieces_of_request(handler):
        pass  # a client that still sends would see its connection reset, not the answer
    seen.status = fault.status
    body, content_type = fault.answer()
    headers = {"Content-Type": content_type, "Connection": "close", **fault.headers}
    send(handler, b"" if handler.command == "HEAD" else body, fault.status, headers)


def _forward(handler: BaseHTTPRequestHandler, proxy: Proxy, fault: Fault | None, seen: Seen) -> None:
    action = fault.action if fault else None
    limit = fault.size_bytes if fault and action == "cut_request" else None
    address = urlsplit(proxy.target)
    seen.forwarded = True
    with socket.create_connection((address.hostname, address.port), timeout=UPSTREAM_TIMEOUT_S) as upstream:
        upstream.sendall(_head_of_request(handler))
        _pass_request(handler, upstream, limit)
        if action == "cut_after":
            _drain(upstream)
        else:
            _pass_answer(upstream, handler, seen, fault.size_bytes if fault and action == "cut_body" else None)


def _head_of_request(handler: BaseHTTPRequestHandler) -> bytes:
    kept = [f"{name}: {value}" for name, value in handler.headers.items() if name.lower() not in HOP_BY_HOP]
    lines = [f"{handler.command} {handler.path} HTTP/1.1", *kept, "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1")


def _pass_request(handler: BaseHTTPRequestHandler, upstream: socket.socket, limit: int | None) -> None:
    """Send the body on, `limit` bytes of it at most, after which both connections break. Raises CutShort.

    A platform that answers before it has read everything is heard all the same.
    """
    is_heard, passed = True, 0
    for piece in pieces_of_request(handler):
        part = piece if limit is None else piece[: limit - passed]
        if is_heard:
            is_heard = _is_sent(upstream, part)
        passed += len(part)
        if limit is not None and passed >= limit:
            break
    if limit is not None:
        raise CutShort


def _is_sent(upstream: socket.socket, piece: bytes) -> bool:
    try:
        upstream.sendall(piece)
    except (BrokenPipeError, ConnectionResetError):
        return False
    return True


def pieces_of_request(handler: BaseHTTPRequestHandler) -> Iterator[bytes]:
    """The body as it is on the wire, chunks with their sizes. Raises CutShort when the client stops in the middle."""
    if handler.headers.get("Transfer-Encoding", "").lower() == "chunked":
        yield from _chunks(handler)
    else:
        yield from _pieces(handler, int(handler.headers.get("Content-Length", 0)))


def _chunks(handler: BaseHTTPRequestHandler) -> Iterator[bytes]:
    size = -1
    while size != 0:
        line = _line(handler)
        size = int(line.partition(b";")[0], 16)
        yield line
        yield from _pieces(handler, size)
        if size:
            yield _line(handler)
    while line.strip():  # trailers, and the empty line behind them
        line = _line(handler)
        yield line


def _line(handler: BaseHTTPRequestHandler) -> bytes:
    line = handler.rfile.readline(PIECE_BYTES)
    if not line.endswith(b"\n"):
        raise CutShort
    return line


def _pieces(handler: BaseHTTPRequestHandler, count: int) -> Iterator[bytes]:
    # `read1` hands on what is there: clients stream, and may wait for what it leads to.
    read1 = handler.rfile.read1
    while count:
        piece: bytes = read1(min(count, PIECE_BYTES))
        if not piece:
            raise CutShort
        count -= len(piece)
        yield piece


def _drain(upstream: socket.socket) -> None:
    for _ in iter(partial(upstream.recv, PIECE_BYTES), b""):
        pass


def _pass_answer(upstream: socket.socket, handler: BaseHTTPRequestHandler, seen: Seen, limit: int | None) -> None:
    """Pass on the answer as it comes, `limit` bytes of its body at most."""
    head, rest = _head_of_answer(upstream)
    status = int(head.split(b" ", 2)[1])
    seen.status = None if limit is not None else status
    handler.wfile.write(head)
    passed = 0
    for piece in _after(rest, upstream):
        part = piece if limit is None else piece[: limit - passed]
        handler.wfile.write(part)
        passed += len(part)
        if limit is not None and passed >= limit:
            return


def _after(rest: bytes, upstream: socket.socket) -> Iterator[bytes]:
    if rest:
        yield rest
    yield from iter(partial(upstream.recv, PIECE_BYTES), b"")


def _head_of_answer(upstream: socket.socket) -> tuple[bytes, bytes]:
    """Status line and headers as the client gets them, and what of the body came with them.

    Raises CutShort when there is no answer.
    """
    data = b""
    while b"\r\n\r\n" not in data:
        piece = upstream.recv(PIECE_BYTES)
        if not piece or len(data) > MAX_HEAD_BYTES:
            raise CutShort
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    kept = [line for line in head.split(b"\r\n") if line.partition(b":")[0].lower().decode("latin-1") not in HOP_BY_HOP]
    return b"\r\n".join([*kept, b"Connection: close", b"", b""]), rest
