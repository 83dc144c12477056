"""The proxy that makes faults: what it passes on, what it breaks, and what it tells of it."""

import contextlib
import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from queue import Queue
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.loopback import QuietHandler, http_server, send, serving
from tests.sdks.proxy import Proxy, faulty_proxy

BODY = bytes(range(256)) * 1024
PATIENCE_S = 60
"""Only what hangs takes so long."""


class Echo(QuietHandler):
    """Answers what it was sent, and notes how much of it came."""

    protocol_version = "HTTP/1.1"
    arrived: Queue[bytes]

    def do_POST(self) -> None:
        body = b"".join(_chunks(self)) if "Transfer-Encoding" in self.headers else self._known()
        self.arrived.put(body)
        with contextlib.suppress(OSError):  # a proxy that was told to break this off has gone
            self._echo(body)

    def _echo(self, body: bytes) -> None:
        send(self, body, headers={"X-Path": self.path, "X-Told": self.headers.get("X-Told", "")})

    def _known(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def do_GET(self) -> None:
        if self.path == "/chunks":
            return self._chunked()
        send(self, b"hello", status=206, headers={"X-Path": self.path})

    def _chunked(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()

    do_PUT = do_DELETE = do_POST


def _chunks(handler: BaseHTTPRequestHandler) -> Iterator[bytes]:
    while size := int(handler.rfile.readline(), 16):
        yield handler.rfile.read(size)
        handler.rfile.readline()
    handler.rfile.readline()


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    Echo.arrived = Queue()
    with serving(http_server(Echo)) as target, faulty_proxy() as running:
        running.target = target
        yield running


@pytest.fixture
def client(proxy: Proxy) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=proxy.url, trust_env=False, timeout=PATIENCE_S) as running:
        yield running


def order(proxy: Proxy, *faults: dict[str, Any]) -> httpx.Response:
    return httpx.post(f"{proxy.faults_url}/faults", json=faults, trust_env=False, timeout=PATIENCE_S)


def log(proxy: Proxy) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = control(proxy, "GET", "/log").json()
    return entries


def control(proxy: Proxy, method: str, path: str) -> httpx.Response:
    return httpx.request(method, proxy.faults_url + path, trust_env=False, timeout=PATIENCE_S)


def test_passes_everything_on(proxy: Proxy, client: httpx.Client) -> None:
    answer = client.post("/v1/echo?a=1&b=%20", content=BODY, headers={"X-Told": "yes"})
    assert answer.content == BODY
    assert (answer.headers["X-Path"], answer.headers["X-Told"]) == ("/v1/echo?a=1&b=%20", "yes")
    assert client.get("/").status_code == 206
    assert client.get("/chunks").text == "onetwo"
    assert client.head("/").headers["Content-Length"] == "5"


def test_streams_bodies_of_unknown_length(client: httpx.Client) -> None:
    pieces = (bytes([number]) * 1000 * number for number in range(1, 9))
    assert client.put("/", content=pieces).content == b"".join(bytes([n]) * 1000 * n for n in range(1, 9))


def test_hands_on_what_comes_while_more_is_to_come(proxy: Proxy) -> None:
    address = urlsplit(proxy.url)
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE_S) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"ab")
        client.sendall(b"cd")
        answer = b"".join(iter(lambda: client.recv(1000), b""))
    assert answer.endswith(b"\r\n\r\nabcd")


def test_a_status_is_answered_as_often_as_ordered(proxy: Proxy, client: httpx.Client) -> None:
    fault = {"method": "POST", "path": "^/v1/renders$", "times": 2, "action": "status", "status": 503}
    order(proxy, {**fault, "headers": {"Retry-After": "0"}})
    assert client.get("/v1/renders").status_code == 206
    first, second = (client.post("/v1/renders?x=1", content=BODY) for _ in range(2))
    assert (first.status_code, second.status_code, first.headers["Retry-After"]) == (503, 503, "0")
    assert first.json()["error"]["code"] == "unavailable"
    assert client.post("/v1/renders", content=b"").status_code == 200
    assert Echo.arrived.get(timeout=PATIENCE_S) == b""


@pytest.mark.parametrize(("body", "text"), [("<p>Bad gateway", "<p>Bad gateway"), ({"a": 1}, '{"a": 1}'), ([], "[]")])
def test_a_status_has_the_body_that_is_ordered(proxy: Proxy, client: httpx.Client, body: Any, text: str) -> None:
    order(proxy, {"path": "", "action": "status", "status": 502, "body": body})
    answer = client.get("/")
    assert (answer.status_code, answer.text) == (502, text)


def test_cut_before_reaches_nobody(proxy: Proxy, client: httpx.Client) -> None:
    order(proxy, {"path": "^/$", "action": "cut_before"})
    with pytest.raises(httpx.TransportError):
        client.post("/", content=BODY)
    assert Echo.arrived.empty()
    assert [(seen["forwarded"], seen["status"]) for seen in log(proxy)] == [(False, None)]


def test_cut_after_has_been_done(proxy: Proxy, client: httpx.Client) -> None:
    order(proxy, {"path": "^/$", "action": "cut_after"})
    with pytest.raises(httpx.TransportError):
        client.post("/", content=BODY)
    assert Echo.arrived.get(timeout=PATIENCE_S) == BODY
    assert [(seen["forwarded"], seen["status"]) for seen in log(proxy)] == [(True, None)]


@pytest.mark.parametrize("count", [0, 1, 100_000])
def test_cut_body_passes_so_much_of_the_answer(proxy: Proxy, client: httpx.Client, count: int) -> None:
    order(proxy, {"path": "^/$", "action": "cut_body", "bytes": count})
    with client.stream("POST", "/", content=BODY) as answer:
        got: list[bytes] = []
        with pytest.raises(httpx.RemoteProtocolError):
            got.extend(answer.iter_raw())
    assert (answer.status_code, b"".join(got)) == (200, BODY[:count])


@pytest.mark.parametrize("count", [0, 1, 100_000])
def test_cut_request_passes_so_much_of_the_request(proxy: Proxy, client: httpx.Client, count: int) -> None:
    order(proxy, {"path": "^/$", "action": "cut_request", "bytes": count})
    with pytest.raises(httpx.TransportError):
        client.post("/", content=BODY)
    assert Echo.arrived.get(timeout=PATIENCE_S) == BODY[:count]


def test_a_delayed_request_arrives(proxy: Proxy, client: httpx.Client) -> None:
    order(proxy, {"path": "^/$", "action": "delay", "seconds": 5})
    with pytest.raises(httpx.ReadTimeout):
        client.get("/", timeout=0.1)
    assert client.get("/").status_code == 206


def test_the_log_tells_all_but_the_key(proxy: Proxy, client: httpx.Client) -> None:
    client.post("/a?b=c", content=b"1", headers={"Authorization": "Bearer fl_live_x", "Idempotency-Key": "k"})
    (seen,) = log(proxy)
    assert [seen[name] for name in ("method", "path", "query", "status")] == ["POST", "/a", "b=c", 200]
    lowered = {name.lower(): value for name, value in seen["headers"].items()}
    assert lowered["idempotency-key"] == "k"
    assert "fl_live_x" not in json.dumps(seen)
    control(proxy, "DELETE", "/log")
    assert log(proxy) == []


def test_what_is_left_can_be_seen_and_dropped(proxy: Proxy) -> None:
    assert order(proxy, {"path": "a", "action": "cut_after", "times": 3}).status_code == 200
    left = control(proxy, "GET", "/faults").json()
    assert [(fault["path"], fault["times"]) for fault in left] == [("a", 3)]
    control(proxy, "DELETE", "/faults")
    assert control(proxy, "GET", "/faults").json() == []


@pytest.mark.parametrize(
    "fault",
    [{"path": "("}, {"action": "explode"}, {"times": 0}, {"status": 99}, {"bytes": -1}, {"seconds": 61}, {"other": 1}],
)
def test_a_fault_that_cannot_be_is_refused(proxy: Proxy, fault: dict[str, Any]) -> None:
    answer = order(proxy, {"path": "a", "action": "cut_after", **fault})
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_other_addresses_of_the_control_are_unknown(proxy: Proxy) -> None:
    for method, path in (("GET", "/"), ("POST", "/log"), ("DELETE", "/x")):
        assert control(proxy, method, path).status_code == 404
