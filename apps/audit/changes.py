"""What an entry of the audit log may hold: little, and nobody's secrets."""

import json
import re
from typing import Any, Final

from framelane.lib.net import shown

MAX_TEXT: Final = 500
MAX_ITEMS: Final = 50
MAX_DEPTH: Final = 4
MAX_BYTES: Final = 16 * 1024
LEFT_OUT: Final = "(left out)"
_SECRET: Final = re.compile(r"password|secret|token|signature|hash|cookie|session_key|credential", re.IGNORECASE)
_URL: Final = re.compile(r"https?://\S+")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f]+")


def bounded(changes: dict[str, Any]) -> dict[str, Any]:
    """The same as JSON: at most 50 items a level, 4 levels, 500 characters a text and 16 KiB in all.

    URLs lose their queries, and values whose name sounds like a secret are left out: the log is kept for ever.
    """
    result: dict[str, Any] = _within(changes, MAX_DEPTH)
    size = len(json.dumps(result, ensure_ascii=False).encode())
    return result if size <= MAX_BYTES else {"left_out": f"{size} bytes, more than {MAX_BYTES}"}


def line(text: str, length: int) -> str:
    """Text without control characters, no longer than that: PostgreSQL refuses a NUL, and people read lines."""
    clean = _UNPRINTABLE.sub(" ", text)
    return clean if len(clean) <= length else clean[: length - 1] + "…"


def _within(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict | list | tuple) and depth == 0:
        return LEFT_OUT
    if isinstance(value, dict):
        return {line(str(name), 100): _named(str(name), one, depth) for name, one in [*value.items()][:MAX_ITEMS]}
    if isinstance(value, list | tuple):
        return [_within(one, depth - 1) for one in value[:MAX_ITEMS]]
    return line(_URL.sub(lambda found: shown(found[0]), str(value)), MAX_TEXT)


def _named(name: str, value: Any, depth: int) -> Any:
    return LEFT_OUT if _SECRET.search(name) else _within(value, depth - 1)
