"""A storage service on loopback that Google's own client talks to."""

import socket
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from gcp_storage_emulator import server
from gcp_storage_emulator.handlers import objects


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """A storage service on loopback, with the two things that it gets wrong put right."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(objects, "_resumable_incomplete", _incomplete)
        for _, methods in server.HANDLERS:
            if methods.get("PUT") is objects.upload_partial:
                patch.setitem(methods, "DELETE", _cancel)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        running = server.create_server("127.0.0.1", port, in_memory=True, default_bucket="films")
        running.start()
        yield f"http://127.0.0.1:{port}"
        running.stop()


def _incomplete(response: Any, storage: Any, upload_id: str, fallback_end: int = 0) -> None:
    """The service names no range while it holds nothing; the emulator would claim one byte."""
    response.status = HTTPStatus.PERMANENT_REDIRECT
    if received := storage.get_resumable_byte_count(upload_id):
        response["Range"] = f"bytes=0-{received - 1}"


def _cancel(request: Any, response: Any, storage: Any) -> None:
    """The service answers 499 to a cancelled session; the emulator cannot cancel."""
    storage.resumable.pop(request.query["upload_id"][0], None)
    response.status = _Cancelled()


class _Cancelled(int):
    phrase = "Client Closed Request"

    def __new__(cls) -> "_Cancelled":
        return super().__new__(cls, 499)

    @property
    def value(self) -> int:
        return 499
