"""Public identifiers: `<prefix>_<ULID>`."""

import re
from functools import cache

from ulid import ULID

MAX_LENGTH = 40
"""Room for the longest prefix, the underscore and 26 characters."""


def new_id(prefix: str) -> str:
    """A new identifier, for example `render_01J8QR2K5VKDGN2T4FBM3CZYX7`."""
    return f"{prefix}_{ULID()}"


def is_id(value: str, *prefixes: str) -> bool:
    """Whether `value` is an identifier with one of these prefixes. Cheap; does not ask the database."""
    return any(_pattern(prefix).fullmatch(value) for prefix in prefixes)


@cache
def _pattern(prefix: str) -> re.Pattern[str]:
    # The first character of a ULID is at most 7: 26 characters of 5 bits hold 130 bits, a ULID has 128.
    return re.compile(re.escape(prefix) + r"_[0-7][0-9A-HJKMNP-TV-Z]{25}")
