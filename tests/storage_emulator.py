"""A storage service on loopback that Google's own client talks to."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from gcp_storage_emulator import server
from gcp_storage_emulator.handlers import objects
from pytest_django import Settings

from framelane.lib import storage as stores

GRANULE_BYTES = 256 * 1024
"""The service keeps what came of a broken connection in whole blocks of this size."""


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """A storage service on loopback, with what it gets wrong put right: see the functions below."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(objects, "_resumable_incomplete", _incomplete)
        for _, methods in server.HANDLERS:
            if methods.get("PUT") is objects.upload_partial:
                patch.setitem(methods, "DELETE", _cancel)
                patch.setitem(methods, "PUT", _Sessions().put)
                patch.setitem(methods, "POST", _open)
        # The system chooses a port that is free, and nobody can take it in between.
        running = server.create_server("127.0.0.1", 0, in_memory=True, default_bucket="films")
        running.start()
        yield f"http://127.0.0.1:{running._api._httpd.server_address[1]}"
        running.stop()


@pytest.fixture
def bucket(store: Any, emulator: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lets the platform keep its media in an empty bucket of the emulator."""
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", emulator)
    httpx.get(f"{emulator}/wipe?keep-buckets=1").raise_for_status()
    settings.STORAGE_URL = "gs://films/media"
    stores._open_cached.cache_clear()
    yield
    stores._open_cached.cache_clear()


_origins: dict[str, str] = {}
"""Upload id → the origin that the session was opened for."""


def _open(request: Any, response: Any, storage: Any) -> None:
    """The service binds a session to the origin that it was opened for; the emulator forgets it."""
    objects.insert(request, response, storage)
    location = response._headers.get("Location", "")
    if "upload_id" in (query := parse_qs(urlsplit(location).query)):
        _origins[query["upload_id"][0]] = request.get_header("Origin", "")


class _Sessions:
    """PUTs to sessions, and which of these are finished."""

    def __init__(self) -> None:
        self._finished: set[str] = set()

    def put(self, request: Any, response: Any, storage: Any) -> None:
        upload_id = request.query["upload_id"][0]
        if (origin := _origins.get(upload_id)) and origin == request.get_header("Origin", ""):
            response["Access-Control-Allow-Origin"] = origin
            response["Access-Control-Expose-Headers"] = "Content-Length, Content-Type, Range"
        if upload_id in self._finished:
            # The service goes on saying that the upload is complete; the emulator would not know it any more.
            response.json({})
        elif len(request.data or b"") < int(request.get_header("Content-Length") or 0):
            _keep_in_part(request, response, storage, upload_id)
        else:
            was_open = upload_id in storage.resumable
            objects.upload_partial(request, response, storage)
            if was_open and upload_id not in storage.resumable:
                self._finished.add(upload_id)


def _keep_in_part(request: Any, response: Any, storage: Any, upload_id: str) -> None:
    """The emulator would take what came of a body that breaks off for the whole, and all of it to the byte."""
    if upload_id not in storage.resumable:
        response.status = HTTPStatus.NOT_FOUND
        return
    came, held = request.data or b"", storage.get_resumable_byte_count(upload_id)
    kept = (held + len(came)) // GRANULE_BYTES * GRANULE_BYTES - held
    if kept > 0:
        storage.add_to_resumable_upload(upload_id, came[:kept], expected_start=held)
    _incomplete(response, storage, upload_id)


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
