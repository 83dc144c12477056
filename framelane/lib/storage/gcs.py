"""Objects in a Google Cloud Storage bucket. Imported only by installations that have one."""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import google.auth
import httpx
from django.utils.http import content_disposition_header
from google.api_core.exceptions import GoogleAPIError, NotFound
from google.auth import credentials as google_credentials
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import Request
from google.cloud import storage
from google.cloud.storage.retry import DEFAULT_RETRY
from requests import RequestException

from framelane.lib.storage.base import (
    BLOCK_BYTES,
    ObjectNotFound,
    ObjectStat,
    OffsetMismatch,
    SessionGone,
    StorageError,
    StoredObject,
    UploadSession,
)
from framelane.lib.storage.keys import is_key, validate, validate_prefix

CHUNK_BYTES = 32 * BLOCK_BYTES
"""What goes to or comes from the service in one request: 8 MiB."""

_TIMEOUT_S = 60
_RESUME_INCOMPLETE = 308
# 499 is the service's own answer to a cancelled session.
_SESSION_OVER = (404, 410, 499)

P = ParamSpec("P")
R = TypeVar("R")


def _translated(method: Callable[P, R]) -> Callable[P, R]:
    """Turn the client libraries' exceptions into StorageError."""

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except NotFound as error:
            raise ObjectNotFound(str(error)) from error
        except (GoogleAPIError, GoogleAuthError, RequestException, httpx.HTTPError) as error:
            raise StorageError(f"{method.__name__}: {error}") from error

    return call


class GcsStore:
    """A Store in `bucket`, below `prefix` (empty, or ending in a slash).

    With STORAGE_EMULATOR_HOST in the environment it talks to that address, without credentials, and its URLs are signed
    only when credentials are handed in.
    """

    accepts_uploads_itself = True

    def __init__(
        self, bucket: str, prefix: str = "", credentials: google_credentials.Credentials | None = None
    ) -> None:
        emulated = "STORAGE_EMULATOR_HOST" in os.environ
        if credentials is None and not emulated:
            credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/devstorage.read_write"])
        self._credentials = credentials
        self._client = storage.Client(project=os.environ.get("GOOGLE_CLOUD_PROJECT", "<none>"), credentials=credentials)
        self._endpoint: str | None = self._client.api_endpoint if emulated else None
        self._bucket = self._client.bucket(bucket)
        self._prefix = prefix

    @_translated
    def put_file(self, key: str, path: Path, content_type: str) -> ObjectStat:
        # Sending the same file twice leaves the same object, so a retry is always safe.
        self._blob(key).upload_from_filename(str(path), content_type=content_type, retry=DEFAULT_RETRY)
        return self.stat(key)

    def fetch(self, key: str, path: Path) -> None:
        blocks = self.read(key)
        path.unlink(missing_ok=True)
        with path.open("xb") as file:
            file.writelines(blocks)

    @_translated
    def stat(self, key: str) -> ObjectStat:
        blob = self._loaded(key)
        return ObjectStat(
            size_bytes=int(blob.size),
            content_type=blob.content_type,
            etag=f'"{blob.generation}"',
            modified_at=blob.updated,
        )

    def size(self, key: str) -> int:
        return self.stat(key).size_bytes

    @_translated
    def exists(self, key: str) -> bool:
        return bool(self._blob(key).exists())

    @_translated
    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        blob = self._loaded(key)
        end = int(blob.size) if length is None else min(int(blob.size), start + length)
        return self._blocks(blob, start, end)

    def _blocks(self, blob: Any, start: int, end: int) -> Iterator[bytes]:
        for position in range(start, end, CHUNK_BYTES):
            chunk = self._download(blob, position, min(end, position + CHUNK_BYTES))
            for offset in range(0, len(chunk), BLOCK_BYTES):
                yield chunk[offset : offset + BLOCK_BYTES]

    @_translated
    def _download(self, blob: Any, start: int, end: int) -> bytes:
        # The generation pins the version: blocks of one read never come from two objects.
        options = {"raw_download": True, "checksum": None, "if_generation_match": blob.generation}
        return bytes(blob.download_as_bytes(start=start, end=end - 1, **options))

    @_translated
    def delete(self, key: str) -> None:
        try:
            self._blob(key).delete()
        except NotFound:
            return

    @_translated
    def _names(self, prefix: str) -> list[str]:
        return [blob.name for blob in self._client.list_blobs(self._bucket, prefix=self._prefix + prefix)]

    def list(self, prefix: str) -> Iterator[str]:
        names = self._names(validate_prefix(prefix))
        yield from sorted(name.removeprefix(self._prefix) for name in names)

    def inventory(self, prefix: str | None = None) -> Iterator[StoredObject]:
        folder = validate_prefix(prefix) if prefix else ""
        blobs = iter(self._client.list_blobs(self._bucket, prefix=self._prefix + folder))
        while (blob := self._next(blobs)) is not None:
            key = blob.name.removeprefix(self._prefix)
            if is_key(key):
                yield StoredObject(key, int(blob.size), blob.updated)

    @_translated
    def _next(self, blobs: Iterator[Any]) -> Any:
        # A page is fetched whenever one is used up.
        return next(blobs, None)

    def delete_prefix(self, prefix: str) -> int:
        keys = [*self.list(prefix)]
        for key in keys:
            self.delete(key)
        return len(keys)

    @_translated
    def signed_url(self, key: str, expires_in_s: int, filename: str | None = None) -> str:
        blob = self._blob(key)
        if self._credentials is None:
            return f"{self._endpoint}/{self._bucket.name}/{blob.name}"
        return str(
            blob.generate_signed_url(
                version="v4",
                expiration=timedelta(seconds=expires_in_s),
                api_access_endpoint=self._endpoint,
                response_disposition=content_disposition_header(True, filename) if filename else None,
                credentials=self._credentials,
                **self._remote_signing(),
            )
        )

    def _remote_signing(self) -> dict[str, str]:
        """What signing needs where the credentials hold no private key, as on Google's own machines."""
        if isinstance(self._credentials, google_credentials.Signing):
            return {}
        credentials: Any = self._credentials
        if not credentials.valid:
            credentials.refresh(Request())
        return {"service_account_email": credentials.service_account_email, "access_token": credentials.token}

    @_translated
    def start_upload(self, key: str, content_type: str, origin: str | None = None) -> UploadSession:
        url = self._blob(key).create_resumable_upload_session(
            content_type=content_type, origin=origin, checksum=None, timeout=_TIMEOUT_S
        )
        return UploadSession(key, url)

    def upload_offset(self, session: UploadSession) -> int:
        answer = self._put(session, b"", "bytes */*")
        if answer.status_code != _RESUME_INCOMPLETE:
            raise SessionGone(session.key)
        return _held_bytes(answer)

    def append(self, session: UploadSession, offset: int, blocks: Iterable[bytes], total: int | None = None) -> int:
        held = self.upload_offset(session)
        if offset != held:
            raise OffsetMismatch(offset, held)
        for chunk in _regrouped(blocks):
            offset = self._send(session, offset, chunk, total)
        return offset

    def _send(self, session: UploadSession, offset: int, chunk: bytes, total: int | None) -> int:
        end = offset + len(chunk)
        # Naming the total with the last chunk finishes the object.
        size = str(total) if end == total else "*"
        answer = self._put(session, chunk, f"bytes {offset}-{end - 1}/{size}")
        if answer.status_code != _RESUME_INCOMPLETE:
            return end
        held = _held_bytes(answer)
        if held <= offset:
            raise OffsetMismatch(offset, held)
        return held

    def finish_upload(self, session: UploadSession, total: int) -> ObjectStat:
        try:
            answer = self._put(session, b"", f"bytes */{total}")
        except SessionGone:
            return self._already_finished(session, total)
        if answer.status_code == _RESUME_INCOMPLETE:
            raise OffsetMismatch(total, _held_bytes(answer))
        return self.stat(session.key)

    def _already_finished(self, session: UploadSession, total: int) -> ObjectStat:
        """A session whose last chunk named the total is over once that chunk has arrived."""
        try:
            facts = self.stat(session.key)
        except ObjectNotFound:
            raise SessionGone(session.key) from None
        if facts.size_bytes != total:
            raise SessionGone(session.key)
        return facts

    @_translated
    def cancel_upload(self, session: UploadSession) -> None:
        answer = httpx.delete(session.handle, timeout=_TIMEOUT_S)
        if not answer.is_success and answer.status_code not in _SESSION_OVER:
            raise StorageError(f"cancelling the upload of {session.key} was answered with {answer.status_code}")

    def leftovers(self, untouched_for_s: int) -> Iterator[StoredObject]:
        """The service itself forgets a session after a week, and never shows half an object."""
        return iter(())

    def discard_leftover(self, name: str) -> None:
        return

    @_translated
    def _put(self, session: UploadSession, content: bytes, content_range: str) -> httpx.Response:
        """2xx or 308, or an exception. The session's URL is its own permission."""
        answer = httpx.put(
            session.handle, content=content, headers={"Content-Range": content_range}, timeout=_TIMEOUT_S
        )
        if answer.status_code in _SESSION_OVER:
            raise SessionGone(session.key)
        if not answer.is_success and answer.status_code != _RESUME_INCOMPLETE:
            raise StorageError(f"uploading {session.key} was answered with {answer.status_code}: {answer.text[:200]}")
        return answer

    def _blob(self, key: str) -> Any:
        return self._bucket.blob(self._prefix + validate(key))

    def _loaded(self, key: str) -> Any:
        """The blob with its metadata."""
        blob = self._bucket.get_blob(self._prefix + validate(key))
        if blob is None:
            raise ObjectNotFound(key)
        return blob


def _held_bytes(answer: httpx.Response) -> int:
    """The service names the last byte that it keeps, or nothing at all while it keeps none."""
    held = answer.headers.get("Range", "")
    return int(held.rpartition("-")[2]) + 1 if held else 0


def _regrouped(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of CHUNK_BYTES, the last one shorter."""
    pending = bytearray()
    for block in blocks:
        pending += block
        while len(pending) >= CHUNK_BYTES:
            yield bytes(pending[:CHUNK_BYTES])
            del pending[:CHUNK_BYTES]
    if pending:
        yield bytes(pending)
