"""What blocking does differently. Its counterpart for asyncio is written by hand as well."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def pause(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)


def do(action: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Call something that may block."""
    return action(*arguments)


def tell(listener: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Call a listener."""
    listener(*arguments)
