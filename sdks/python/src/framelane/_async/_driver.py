"""Takes the steps of a flow."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any, TypeVar

import httpx

from framelane._async import _io
from framelane._http import arguments, broken_by
from framelane._wire import Answer, Broken, Do, Flow, Next, Open, Request, Send, Sleep, Step, Tell

T = TypeVar("T")


class AsyncDriver:
    """Runs flows over one pool of connections."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def run(self, flow: Flow[T]) -> T:
        """What a flow returns; raises what it raises."""
        run = _AsyncRun(self._http)
        goes_on: Callable[[], Step] = partial(next, flow)
        try:
            while True:
                try:
                    step = goes_on()
                except StopIteration as stop:
                    value: T = stop.value
                    return value
                try:
                    goes_on = partial(flow.send, await run.take(step))
                except Broken as broken:
                    goes_on = partial(flow.throw, broken)
        finally:
            flow.close()
            await run.close()


class _AsyncRun:
    """One run of a flow, with the answer that it is reading."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._opened: httpx.Response | None = None
        self._blocks: AsyncIterator[bytes] | None = None
        self._request: Request | None = None

    async def take(self, step: Step) -> Any:
        """The result of a step. Raises Broken."""
        if isinstance(step, Send):
            return await self._send(step.request)
        if isinstance(step, Open):
            return await self._open(step.request)
        if isinstance(step, Next):
            return await self._next()
        if isinstance(step, Sleep):
            return await _io.pause(step.seconds)
        if isinstance(step, Do):
            return await _io.do(step.action, step.arguments)
        if isinstance(step, Tell):
            return await _io.tell(step.listener, step.arguments)
        raise TypeError(f"{step!r} is no step")

    async def _send(self, request: Request) -> Answer:
        try:
            built = self._http.build_request(**arguments(request))
            response = await self._http.send(built, follow_redirects=False)
        except httpx.TransportError as error:
            raise broken_by(error, request) from error
        return Answer(response.status_code, response.headers, response.content)

    async def _open(self, request: Request) -> Answer:
        await self.close()
        self._request = request
        try:
            built = self._http.build_request(**arguments(request))
            self._opened = await self._http.send(built, follow_redirects=False, stream=True)
            self._blocks = self._opened.aiter_raw()
            body = b"" if self._opened.status_code < 400 else await self._opened.aread()
        except httpx.TransportError as error:
            raise broken_by(error, request) from error
        return Answer(self._opened.status_code, self._opened.headers, body)

    async def _next(self) -> bytes:
        assert self._blocks is not None, "nothing is open"
        assert self._request is not None
        try:
            return await self._blocks.__anext__()
        except StopAsyncIteration:
            return b""
        except httpx.TransportError as error:
            raise broken_by(error, self._request) from error

    async def close(self) -> None:
        """Let go of the answer that is being read."""
        if self._opened is not None:
            await self._opened.aclose()
            self._opened = None
