"""What all resources share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Generic, TypeVar

from framelane import _call
from framelane._async._driver import AsyncDriver
from framelane._call import Call
from framelane._pages import PAGE_SIZE, Page
from framelane._settings import Settings
from framelane._wire import Flow

T = TypeVar("T")


class AsyncResource:
    """A part of the API."""

    def __init__(self, settings: Settings, driver: AsyncDriver) -> None:
        self._settings = settings
        self._driver = driver

    async def _run(self, flow: Flow[T]) -> T:
        return await self._driver.run(flow)

    async def _call(self, call: Call[T]) -> T:
        return await self._driver.run(_call.run(self._settings, call))

    def _list(self, path: str, model: type[T], limit: int | None, **filters: Any) -> AsyncPages[T]:
        call: Call[Page[T]] = Call("GET", path, Page[model], {"limit": limit or PAGE_SIZE, **filters})  # type: ignore[valid-type]
        return AsyncPages(self, call)


class AsyncPages(Generic[T]):
    """A list of any length: iterate over it, and its pages are fetched as you go on. `pages()` gives them whole."""

    def __init__(self, resource: AsyncResource, call: Call[Page[T]]) -> None:
        self._resource = resource
        self._first = call

    async def pages(self) -> AsyncIterator[Page[T]]:
        """One page after the other."""
        call = self._first
        while True:
            page = await self._resource._call(call)
            yield page
            if not page.has_more or page.next_cursor is None:
                return
            call = self._first.with_params(cursor=page.next_cursor)

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.data:
                yield item
