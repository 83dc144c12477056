"""Downloading a job's output, going on where the connection broke."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from framelane._answers import error_of, failure_of
from framelane._call import Call, redirect
from framelane._retry import delay_after_answer, delay_after_break
from framelane._settings import USER_AGENT, Settings
from framelane._wire import Answer, Broken, Do, Flow, Next, Open, Request, Sleep, tell

_SPAN = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_UNSATISFIED = re.compile(r"bytes \*/(\d+)")


def to_file(
    settings: Settings, call: Call[Any], path: Path, on_progress: Callable[[int, int | None], Any] | None
) -> Flow[Path]:
    """Write what `call` redirects to into a file, which gets its name when it is whole. Raises as `to_sink`."""
    part = path.with_name(path.name + ".part")
    file = yield Do(part.open, ("wb",))
    try:
        with file:
            yield from to_sink(settings, call, file, on_progress)
        yield Do(os.replace, (part, path))
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return path


def to_memory(settings: Settings, call: Call[Any]) -> Flow[bytes]:
    """The bytes that `call` redirects to."""
    sink = io.BytesIO()
    yield from to_sink(settings, call, sink, None)
    return sink.getvalue()


def to_sink(
    settings: Settings, call: Call[Any], sink: BinaryIO, on_progress: Callable[[int, int | None], Any] | None
) -> Flow[None]:
    """Write what `call` redirects to. Failures without a new byte between them count as those of one request do.

    Raises ApiError, ConnectionFailed, TimedOut.
    """
    fetch = _Fetch(sink)
    failures = 0
    while not fetch.is_whole:
        had = fetch.done
        # Signed addresses expire: a new attempt takes a new one.
        url = yield from redirect(settings, call)
        delay_s: float | None
        try:
            answer: Answer = yield Open(fetch.request(settings, url))
            if fetch.accept(answer):
                yield from _read(fetch, on_progress)
                continue
            failures += 1
            delay_s = delay_after_answer(settings, answer, failures, repeatable=True)
            if delay_s is None:
                raise error_of(answer)
        except Broken as broken:
            failures = 1 if fetch.done > had else failures + 1
            delay_s = delay_after_break(settings, broken, failures, repeatable=True)
            if delay_s is None:
                raise failure_of(broken) from broken
        yield Sleep(delay_s)


def _read(fetch: _Fetch, on_progress: Callable[[int, int | None], Any] | None) -> Flow[None]:
    """Read an answer to its end. Raises Broken."""
    while not fetch.is_whole:
        block: bytes = yield Next()
        if not block:
            fetch.end()
            return
        yield Do(fetch.write, (block,))
        yield from tell(on_progress, fetch.done, fetch.total)


class _Fetch:
    """How far a download has come. `done` and `total` are bytes."""

    def __init__(self, sink: BinaryIO) -> None:
        self.done = 0
        self.total: int | None = None
        self.is_whole = False
        self._sink = sink
        self._tag: str | None = None

    def request(self, settings: Settings, url: str) -> Request:
        """The request for what is still missing: of the same version of the file, if it has one."""
        # Compressed bytes could not be counted.
        headers = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": USER_AGENT}
        if self.done:
            headers["Range"] = f"bytes={self.done}-"
            if self._tag:
                headers["If-Range"] = self._tag
        return Request("GET", url, settings.timeout_s, headers)

    def accept(self, answer: Answer) -> bool:
        """Get ready for an answer's body; False when it has none to offer."""
        if answer.status == 416 and self._ends_here(answer):
            self.is_whole = True
            return True
        if answer.status == 206 and self._goes_on_here(answer):
            return True
        if answer.status != 200:
            return False
        self._restart(answer)
        return True

    def _ends_here(self, answer: Answer) -> bool:
        match = _UNSATISFIED.fullmatch(answer.headers.get("Content-Range", ""))
        return match is not None and int(match[1]) == self.done > 0

    def _goes_on_here(self, answer: Answer) -> bool:
        match = _SPAN.fullmatch(answer.headers.get("Content-Range", ""))
        return match is not None and int(match[1]) == self.done

    def _restart(self, answer: Answer) -> None:
        """The whole file comes: a new one, or from a server that knows no ranges."""
        self._sink.seek(0)
        self._sink.truncate()
        tag, length = answer.headers.get("ETag", ""), answer.headers.get("Content-Length", "")
        self.done = 0
        self.total = int(length) if length.isdigit() else None
        self._tag = tag if tag.startswith('"') else None
        self.is_whole = self.total == 0

    def write(self, block: bytes) -> None:
        """Take the next bytes."""
        self._sink.write(block)
        self.done += len(block)
        self.is_whole = self.done == self.total

    def end(self) -> None:
        """The answer is over. Raises Broken when bytes are missing."""
        if self.total is not None and self.done != self.total:
            raise Broken(f"The download ended after {self.done} of {self.total} bytes.", sent=True)
        self.is_whole = True
