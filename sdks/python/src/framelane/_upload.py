"""Uploading in chunks, going on where the connection broke: the resumable protocol of Google Cloud Storage.

A chunk is PUT with `Content-Range: bytes first-last/total`, `*` for a total that is not known yet. The answer is 308
with what has been received in `Range`, or 200 at the end. After a break `bytes */total` asks how much has come.
"""

from __future__ import annotations

import inspect
import io
import mimetypes
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

from framelane._answers import error_of, failure_of
from framelane._call import Call, run
from framelane._generated import UploadOut
from framelane._retry import RETRIED, backoff_s, retry_after_s
from framelane._settings import USER_AGENT, Settings
from framelane._wire import Answer, Broken, Do, Flow, Request, Send, Sleep, tell

CHUNK_UNIT_BYTES = 256 * 1024
"""Chunks are multiples of this, but for the last."""

CHUNK_BYTES = 8 * 1024 * 1024
READ_BYTES = 1024 * 1024

_RECEIVED = re.compile(r"bytes=0-(\d+)")

Source = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, Any]
"""A path, bytes, or something with `read(size)` that returns bytes (or, for asyncio, an awaitable of them)."""

Listener = Callable[[int, Union[int, None]], Any]

_BETTER_TYPES = {
    "audio/x-wav": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/mp4a-latm": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "video/x-m4v": "video/mp4",
}
_TYPES_BY_SUFFIX = {
    ".webp": "image/webp", ".avif": "image/avif", ".m4a": "audio/mp4", ".opus": "audio/ogg", ".ogg": "audio/ogg",
    ".flac": "audio/flac", ".webm": "video/webm", ".mkv": "video/x-matroska", ".ttf": "font/ttf", ".otf": "font/otf",
    ".woff": "font/woff", ".woff2": "font/woff2", ".cube": "application/octet-stream",
}  # fmt: skip


@dataclass(frozen=True)
class Named:
    """What is uploaded, under which name and as what."""

    source: Source
    filename: str | None
    content_type: str


def named(source: Source, filename: str | None, content_type: str | None) -> Named:
    """What to upload. Raises ValueError where it cannot be told what kind of file it is."""
    name = filename or _own_name(source)
    kind = content_type or (guess_type(name) if name else None)
    if kind is None:
        shown = f"of {name!r}" if name else "of a file without a name"
        raise ValueError(f"the MIME type {shown} is not known: pass content_type, or a filename that ends in it")
    return Named(source, name, kind)


def guess_type(name: str) -> str | None:
    """The MIME type that a file name promises."""
    suffix = os.path.splitext(name)[1].lower()
    kind = _TYPES_BY_SUFFIX.get(suffix) or mimetypes.guess_type(name)[0]
    return _BETTER_TYPES.get(kind, kind) if kind else None


def _own_name(source: Source) -> str | None:
    path = source if isinstance(source, (str, os.PathLike)) else getattr(source, "name", None)
    if isinstance(path, (str, os.PathLike)):
        return os.path.basename(os.fspath(path)) or None
    return None


def upload(
    settings: Settings, call: Call[UploadOut], source: Source, chunk_bytes: int, on_progress: Listener | None
) -> Flow[UploadOut]:
    """Open an upload by `call` and send everything. Raises ApiError, ConnectionFailed, TimedOut, ValueError."""
    if chunk_bytes < CHUNK_UNIT_BYTES or chunk_bytes % CHUNK_UNIT_BYTES:
        raise ValueError(f"chunk_bytes is {chunk_bytes}; it must be a multiple of {CHUNK_UNIT_BYTES}")
    stream, is_ours = yield Do(_opened, (source,))
    try:
        window = _Window(stream, (yield Do(_size_of, (stream,))))
        # A file that cannot be read, or is empty, is told of before anything is asked for.
        yield from window.fill(chunk_bytes)
        if window.is_empty:
            raise ValueError("the file is empty")
        out = yield from run(settings, call)
        yield from _send_all(settings, out.upload_url, window, chunk_bytes, on_progress)
        return out
    finally:
        if is_ours:
            stream.close()


def _opened(source: Source) -> tuple[Any, bool]:
    """A stream, and whether it is ours to close."""
    if isinstance(source, (str, os.PathLike)):
        return Path(source).open("rb"), True
    if isinstance(source, (bytes, bytearray, memoryview)):
        return io.BytesIO(source), True
    if not callable(getattr(source, "read", None)):
        raise TypeError(f"a {type(source).__name__} cannot be uploaded; pass a path, bytes or a binary stream")
    return source, False


def _size_of(stream: Any) -> tuple[int, int] | None:
    """Where a stream stands and how many bytes follow; None for one that cannot go back."""
    if inspect.iscoroutinefunction(stream.read):
        return None
    try:
        if not stream.seekable():
            return None
        here = stream.tell()
        end = stream.seek(0, os.SEEK_END)
        stream.seek(here)
    except (AttributeError, OSError):
        return None
    return here, end - here


class _Window:
    """The part of a stream that is held in memory, from offset `start` on."""

    def __init__(self, stream: Any, place: tuple[int, int] | None) -> None:
        self._stream = stream
        self._origin = place[0] if place is not None else 0
        self.total = place[1] if place is not None else None
        self._can_seek = place is not None
        self._buffer = bytearray()
        self.start = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return not self._buffer

    def fill(self, size: int) -> Flow[None]:
        """Read until more than `size` bytes are there or the stream ends, which then tells the total."""
        while len(self._buffer) <= size:
            block = yield Do(self._stream.read, (min(READ_BYTES, size + 1 - len(self._buffer)),))
            if not isinstance(block, (bytes, bytearray, memoryview)):
                raise TypeError(f"the stream's read() gives a {type(block).__name__}; open it in binary mode")
            if not block:
                self._end(self.start + len(self._buffer))
                return
            self._buffer += block

    def _end(self, total: int) -> None:
        if self.total is not None and total != self.total:
            raise ValueError(f"the file had {self.total} bytes when its upload began, and now has {total}")
        self.total = total

    def chunk(self, size: int) -> bytes:
        """Up to `size` bytes from `start` on."""
        return bytes(self._buffer[:size])

    def go_to(self, offset: int) -> Flow[None]:
        """Move to an offset. Raises ConnectionFailed where a stream cannot go back so far."""
        if self.start <= offset <= self.start + len(self._buffer):
            del self._buffer[: offset - self.start]
        elif self._can_seek:
            yield Do(self._stream.seek, (self._origin + offset,))
            self._buffer.clear()
        else:
            told = f"The server has {offset} bytes, but the stream is at {self.start} and cannot go back."
            raise failure_of(Broken(told, sent=True))
        self.start = offset


def _send_all(
    settings: Settings, url: str, window: _Window, chunk_bytes: int, on_progress: Listener | None
) -> Flow[None]:
    failures, in_doubt = 0, False
    while True:
        yield from window.fill(chunk_bytes)
        request = _question(settings, url, window) if in_doubt else _piece(settings, url, window, chunk_bytes)
        answer, broken = yield from _attempt(request)
        if answer is not None and answer.status in (200, 201):
            yield from tell(on_progress, window.total, window.total)
            return
        held = _held(answer)
        if held is None or (held <= window.start and not in_doubt):
            failures += 1
            yield Sleep(_delay_s(settings, answer, broken, failures))
        if held is not None:
            gained = held > window.start
            yield from window.go_to(held)
            if gained:
                failures = 0
                yield from tell(on_progress, held, window.total)
        in_doubt = held is None


def _attempt(request: Request) -> Flow[tuple[Answer | None, Broken | None]]:
    try:
        return (yield Send(request)), None
    except Broken as broken:
        return None, broken


def _piece(settings: Settings, url: str, window: _Window, chunk_bytes: int) -> Request:
    chunk = window.chunk(chunk_bytes)
    total = "*" if window.total is None else window.total
    return _put(settings, url, f"bytes {window.start}-{window.start + len(chunk) - 1}/{total}", chunk)


def _question(settings: Settings, url: str, window: _Window) -> Request:
    return _put(settings, url, f"bytes */{'*' if window.total is None else window.total}", b"")


def _put(settings: Settings, url: str, content_range: str, content: bytes) -> Request:
    headers = {"Content-Range": content_range, "User-Agent": USER_AGENT, "Content-Length": str(len(content))}
    return Request("PUT", url, settings.timeout_s, headers, content=content)


def _held(answer: Answer | None) -> int | None:
    """How many bytes the server says it has; None where it does not say."""
    if answer is None or answer.status != 308:
        return None
    match = _RECEIVED.fullmatch(answer.headers.get("Range", "").replace(" ", ""))
    return int(match[1]) + 1 if match else 0


def _delay_s(settings: Settings, answer: Answer | None, broken: Broken | None, failures: int) -> float:
    """How long to wait before going on. Raises what went wrong when that is not to be tried again."""
    is_lasting = answer is not None and answer.status not in (*RETRIED, 308)
    if is_lasting or failures > settings.max_retries:
        if answer is not None and answer.status != 308:
            raise error_of(answer)
        raise failure_of(broken or Broken("The server takes no more bytes of the upload.", sent=True))
    wanted = retry_after_s(answer.headers) if answer is not None else None
    return backoff_s(settings, failures) if wanted is None else min(wanted, 60.0)
