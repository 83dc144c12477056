"""Uploads over real connections: what was sent before a cut is there, and two senders never mix."""

import socket
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from apps.uploads.transfer import BLOCK_BYTES
from framelane.lib.storage import SessionGone, Store
from tests.people import Person
from tests.uploads.files import Upload, mp4_like

pytestmark = pytest.mark.django_db(transaction=True)

SIZE = 3 * BLOCK_BYTES + 1000
CONTENT = mp4_like(SIZE)


@pytest.fixture
def connect(live_server: Any) -> Callable[[], socket.socket]:
    address = urlsplit(live_server.url)

    def open_connection() -> socket.socket:
        return socket.create_connection((address.hostname, address.port), timeout=120)

    return open_connection


def head(upload: Upload, start: int) -> bytes:
    lines = [
        f"PUT {upload.path} HTTP/1.1",
        "Host: localhost",
        f"Content-Length: {SIZE - start}",
        f"Content-Range: bytes {start}-{SIZE - 1}/{SIZE}",
        "Connection: close",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def answer_on(connection: socket.socket) -> bytes:
    received = b""
    while block := connection.recv(65536):
        received += block
    return received


def wait_until(condition: Callable[[], bool]) -> None:
    """Other threads are at work; fail when they do not get there."""
    pause = threading.Event()
    for _ in range(2400):
        if condition():
            return
        pause.wait(0.05)
    raise AssertionError("it never happened")


def held(store: Store, upload: Upload) -> int:
    try:
        return store.upload_offset(upload.asset.upload_session)
    except SessionGone:
        return SIZE


@pytest.mark.parametrize("cut_at", [0, 1, 777, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, SIZE - 1])
def test_what_came_before_a_cut_is_kept(
    alice: Person, store: Store, connect: Callable[[], socket.socket], cut_at: int
) -> None:
    upload = Upload(alice)
    with connect() as connection:
        connection.sendall(head(upload, 0) + CONTENT[:cut_at])
        connection.shutdown(socket.SHUT_WR)
        status = answer_on(connection)
    assert b" 308 " in status.partition(b"\r\n")[0]
    assert upload.offset() == cut_at
    assert upload.piece(CONTENT, cut_at, SIZE, SIZE).status_code == 200
    assert b"".join(store.read(upload.asset.key)) == CONTENT


def test_bytes_are_stored_while_they_come(alice: Person, store: Store, connect: Callable[[], socket.socket]) -> None:
    """Nothing waits in memory for the end of the body."""
    upload = Upload(alice)
    with connect() as connection:
        connection.sendall(head(upload, 0) + CONTENT[: 2 * BLOCK_BYTES])
        wait_until(lambda: held(store, upload) == 2 * BLOCK_BYTES)
        connection.sendall(CONTENT[2 * BLOCK_BYTES :])
        assert b" 200 " in answer_on(connection).partition(b"\r\n")[0]
    assert b"".join(store.read(upload.asset.key)) == CONTENT


def test_a_sender_that_resumes_wins_over_its_stalled_connection(
    alice: Person, store: Store, connect: Callable[[], socket.socket]
) -> None:
    upload = Upload(alice)
    with connect() as stalled, connect() as resumed:
        stalled.sendall(head(upload, 0) + CONTENT[:BLOCK_BYTES])
        wait_until(lambda: held(store, upload) == BLOCK_BYTES)
        resumed.sendall(head(upload, BLOCK_BYTES) + CONTENT[BLOCK_BYTES:])
        assert b" 200 " in answer_on(resumed).partition(b"\r\n")[0]
        stalled.sendall(b"X" * (SIZE - BLOCK_BYTES))
        assert b" 200 " in answer_on(stalled).partition(b"\r\n")[0]
    assert b"".join(store.read(upload.asset.key)) == CONTENT


def test_senders_at_once_never_mix(alice: Person, store: Store, connect: Callable[[], socket.socket]) -> None:
    upload = Upload(alice)
    contents = [CONTENT[:16] + letter * (SIZE - 16) for letter in (b"a", b"b", b"c")]
    together, answers = threading.Barrier(len(contents)), []

    def send(content: bytes) -> None:
        with connect() as connection:
            together.wait()
            connection.sendall(head(upload, 0) + content)
            answers.append(answer_on(connection).partition(b"\r\n")[0])

    threads = [threading.Thread(target=send, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(b" 200 " in line or b" 308 " in line for line in answers)
    wait_until(lambda: store.exists(upload.asset.key))
    assert b"".join(store.read(upload.asset.key)) in contents
