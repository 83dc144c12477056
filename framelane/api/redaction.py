"""Keeps out of the log what must never stand there: credentials, and the parts of addresses that may hold some."""

import re
from typing import Any

_HIDDEN = "…"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Who is named before an address, and what is asked of it: signatures, tokens, keys.
    (re.compile(r"\b([a-zA-Z][a-zA-Z0-9+.-]{1,20}://)[^\s/?#@'\"<>]*@"), rf"\1{_HIDDEN}@"),
    (re.compile(r"\b([a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s?#'\"<>]*)[?#][^\s'\"<>]*"), rf"\1?{_HIDDEN}"),
    # An upload is opened by the token in its path alone.
    (re.compile(r"(/uploads/)(?!\{)[^\s?#'\"<>/]{8,}"), rf"\1{_HIDDEN}"),
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE), rf"\1 {_HIDDEN}"),
    # Ours and Stripe's.
    (re.compile(r"\b(fl_(?:live|test)_|sk_(?:live|test)_|rk_(?:live|test)_|whsec_)[A-Za-z0-9_/+=-]+"), rf"\1{_HIDDEN}"),
    # A session token (RFC 7519).
    (re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), _HIDDEN),
)
_CONTROLS = {number: f"\\x{number:02x}" for number in (*range(32), 127, *range(128, 160))}
_CONTROLS |= {ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def redacted(text: str) -> str:
    """The text without credentials and without the queries of addresses."""
    for pattern, kept in _RULES:
        text = pattern.sub(kept, text)
    return text


def redacted_value(value: Any) -> Any:
    """The same for texts within lists and objects; other values become text unless JSON has them."""
    if isinstance(value, dict):
        return {str(name): redacted_value(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [redacted_value(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return redacted(str(value))


def one_line(text: str) -> str:
    """The text with everything escaped that a terminal or a reader of lines would take for more than a character."""
    return text.translate(_CONTROLS)
