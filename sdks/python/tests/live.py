"""What the tests against a running platform share: its faults, its mails, and clients that can be called alike."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import os
import re
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from framelane import AsyncFramelane, Framelane
from framelane.errors import Conflict

SAMPLES = Path(__file__).resolve().parents[3] / "docs" / "samples"
CLIP = SAMPLES / "clip.mp4"
CHUNK = 256 * 1024
PATIENCE_S = 180.0
"""Only what hangs takes so long, on a slow machine as well."""


def variable(name: str) -> str:
    """A variable of the stand that the suite runs against; without it nothing is tested, and that is a failure."""
    value = os.environ.get(name)
    assert value, f"{name} is not set: start `python -m tests.sdks.stand` and pass on what it prints"
    return value


class Faults:
    """Orders faults of the stand's proxy, and reads what it has seen."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, trust_env=False, timeout=PATIENCE_S)

    def add(self, method: str, path: str, action: str, times: int = 1, **options: Any) -> None:
        """The next `times` requests of a method to a path (a regular expression) meet this."""
        fault = {"method": method, "path": path, "action": action, "times": times, **options}
        self._http.post("/faults", json=[fault]).raise_for_status()

    def answer(self, method: str, path: str, status: int, body: Any = None, times: int = 1, **headers: str) -> None:
        """The next requests are answered by the proxy itself."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        options = {} if body is None else {"body": body}
        self.add(method, path, "status", times=times, status=status, headers=named, **options)

    def left(self) -> list[Any]:
        """Faults that nothing has met yet."""
        found: list[Any] = self._http.get("/faults").json()
        return found

    def wait_until_met(self) -> None:
        """Until all have been met: whoever gives a request up may be gone before the proxy has looked at it."""
        deadline = time.monotonic() + PATIENCE_S
        while self.left() and time.monotonic() < deadline:
            time.sleep(0.05)

    def seen(self, method: str, path: str) -> list[dict[str, Any]]:
        """The requests that came, the oldest first."""
        log = self._http.get("/log").json()
        return [each for each in log if each["method"] == method and re.search(path, each["path"])]

    def reset(self) -> None:
        """As if nothing had happened."""
        for what in ("/faults", "/log"):
            self._http.delete(what).raise_for_status()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class Waiting:
    """A part of the client for asyncio, called as if it blocked: so that both clients pass the same tests."""

    def __init__(self, part: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._part = part
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        if not callable(found):
            return Waiting(found, self._loop)

        def call(*arguments: Any, **options: Any) -> Any:
            result = found(*arguments, **options)
            if inspect.isawaitable(result):
                return self._loop.run_until_complete(_awaited(result))
            return Listed(result, self._loop) if hasattr(result, "__aiter__") else result

        return call


async def _awaited(result: Any) -> Any:
    return await result


class Listed:
    """An asynchronous iterable, as an iterable."""

    def __init__(self, pages: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._pages = pages
        self._loop = loop

    def __iter__(self) -> Iterator[Any]:
        return self._walk(self._pages.__aiter__())

    def pages(self) -> Iterator[Any]:
        return self._walk(self._pages.pages())

    def _walk(self, iterator: Any) -> Iterator[Any]:
        while True:
            try:
                yield self._loop.run_until_complete(iterator.__anext__())
            except StopAsyncIteration:
                return


class Clients:
    """Makes clients of one kind."""

    def __init__(self, is_async: bool) -> None:
        self.is_async = is_async
        self._loop = asyncio.new_event_loop()
        self._made: list[Any] = []

    def __call__(self, **options: Any) -> Any:
        """A client, set up as the stand's environment says unless told otherwise."""
        made: Any = AsyncFramelane(**options) if self.is_async else Framelane(**options)
        client = Waiting(made, self._loop) if self.is_async else made
        self._made.append(client)
        return client

    def close(self) -> None:
        """Close them all."""
        for client in self._made:
            client.close()
        self._loop.close()
        clear_queue()


def clear_queue() -> None:
    """Cancel what still waits, so that no test waits for the jobs of those before it."""
    with Framelane() as client:
        for job in [*client.renders.list(status="queued"), *client.tasks.list(status="queued")]:
            with contextlib.suppress(Conflict):
                (client.renders if job.kind == "render" else client.tasks).cancel(job)


def mailed_code(email: str, mails_at_least: int = 1) -> str:
    """The six digits in the newest mail to an address, once there are so many; the mails' names sort by their time."""
    deadline, folder = time.monotonic() + PATIENCE_S, Path(variable("FRAMELANE_HOME"), "mail")
    while True:
        mails = [path.read_text("utf-8") for path in sorted(folder.glob("*"))]
        codes = [code for mail in mails if email in mail for code in re.findall(r"^\s*(\d{6})\s*$", mail, re.MULTILINE)]
        if len(codes) >= mails_at_least:
            return str(codes[-1])
        assert time.monotonic() < deadline, f"no mail with a code for {email} among {len(mails)}"
        time.sleep(0.1)


def boxes(data: bytes) -> dict[str, bytes]:
    """The top-level boxes of an MP4 file (ISO 14496-12) by their types; fails when they do not fill it."""
    found, at = {}, 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", data[at + 8 : at + 16])[0], 16
        assert size >= head, f"box {kind!r} has {size} bytes"
        found[kind.decode("ascii")] = data[at + head : at + size]
        at += size
    assert at == len(data), f"the boxes end at {at}, the file at {len(data)}"
    return found


def seconds_of_mp4(path: Path) -> float:
    """How long an MP4 file says that it is; fails when it is none."""
    parts = boxes(path.read_bytes())
    assert parts.keys() >= {"ftyp", "moov", "mdat"}
    header = boxes(parts["moov"])["mvhd"]
    assert header[0] == 0, "a header with short times"
    scale, duration = struct.unpack(">II", header[12:20])
    return float(duration) / float(scale)


def still(text: str = "Hello", **fields: Any) -> dict[str, Any]:
    """A picture: the quickest of all renders."""
    words = {"type": "text", "text": text, "duration": 1, "font_size": 20}
    return {"width": 64, "height": 36, "output_format": "jpg", "elements": [words], **fields}


def text_scene(text: str = "Hello", **fields: Any) -> dict[str, Any]:
    """A small film of one second."""
    words = {"type": "text", "text": text, "duration": 1, "font_size": 40}
    return {"width": 160, "height": 90, "frame_rate": 10, "elements": [words], **fields}


def endless_scene() -> dict[str, Any]:
    """A film that takes minutes, on frames that take little: its job goes on until somebody cancels it."""
    text = {"type": "text", "text": "Slow", "duration": 3600, "font_size": 40, "animation_preset": "wave"}
    return {"width": 320, "height": 180, "frame_rate": 30, "elements": [text]}
