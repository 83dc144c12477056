"""What asyncio does differently. Its blocking counterpart is written by hand as well."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any


async def pause(seconds: float) -> None:
    """Wait."""
    await asyncio.sleep(seconds)


async def do(action: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Call something that may block in a thread; of a coroutine function, await the result here."""
    result = await asyncio.to_thread(action, *arguments)
    return await result if inspect.isawaitable(result) else result


async def tell(listener: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Call a listener, which may be a coroutine function."""
    result = listener(*arguments)
    if inspect.isawaitable(result):
        await result
