"""What is no HTTP request at all is answered with the envelope, too."""

import json
import socket
from urllib.parse import urlsplit

import pytest

from scripts.live import Platform

pytestmark = pytest.mark.once

BROKEN = {
    "no request line": (b"\x16\x03\x01hello\r\n\r\n", 400),
    "no such version": (b"GET / HTTP/9.9\r\n\r\n", 400),
    "a blank in a header's name": (b"GET / HTTP/1.1\r\nHost: x\r\nbad name: 1\r\n\r\n", 400),
    "two lengths": (b"POST /v1/renders HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    "a long address": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    "a long header": (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 9000 + b"\r\n\r\n", 431),
    "many headers": (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: 1\r\n" * 200 + b"\r\n", 431),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_answered_in_the_envelope(name: str, platform: Platform) -> None:
    sent, status = BROKEN[name]
    head, _, body = answer_to(sent, platform).partition(b"\r\n\r\n")
    lines = head.decode("ascii").split("\r\n")
    assert lines[0].startswith(f"HTTP/1.1 {status} ")
    assert "Content-Type: application/json" in lines
    error = json.loads(body)["error"]
    assert error["code"] == "invalid_request"
    assert error["message"]


def answer_to(sent: bytes, platform: Platform) -> bytes:
    address = urlsplit(platform.url)
    with socket.create_connection((address.hostname, address.port or 80), timeout=60) as connection:
        connection.sendall(sent)
        received = b""
        while block := connection.recv(65536):
            received += block
        return received
