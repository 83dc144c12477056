"""What a client is set up with."""

from __future__ import annotations

import os
import platform
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from framelane._version import __version__

DEFAULT_BASE_URL = "http://localhost:8000"
USER_AGENT = f"framelane-python/{__version__} (Python {platform.python_version()})"


@dataclass(frozen=True)
class Settings:
    """Where the API is, how to show who asks, and how patient to be."""

    base_url: str
    api_key: str | None = field(repr=False)
    timeout_s: float
    max_retries: int
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    """Evenly spread over 0 to 1."""


def settings_from(api_key: str | None, base_url: str | None, timeout_s: float, max_retries: int) -> Settings:
    """The settings of a client; what is None comes from the environment. Raises ValueError for what cannot be."""
    key = api_key or os.environ.get("FRAMELANE_API_KEY") or None
    url = (base_url or os.environ.get("FRAMELANE_BASE_URL") or DEFAULT_BASE_URL).rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"base_url is {url!r}; it must begin with http:// or https://")
    if key is not None and not (key.isascii() and key.isprintable() and " " not in key):
        raise ValueError("api_key holds characters that no API key has; is it copied whole, without line breaks?")
    if not timeout_s > 0:
        raise ValueError(f"timeout_s is {timeout_s}; it must be more than 0")
    if max_retries < 0:
        raise ValueError(f"max_retries is {max_retries}; it must be 0 or more")
    return Settings(url, key, timeout_s, max_retries)
