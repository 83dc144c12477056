"""Where a text breaks that the strict parser refuses, for the refusals that do not say so themselves."""

import json
import re
import sys
from typing import Final

from apps.console.playground.positions import Span
from framelane.api.errors import ApiError

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s{}\[\]:,"]+', re.DOTALL)
_CONSTANTS: Final = ("NaN", "Infinity", "-Infinity")
_SUSPICIOUS = re.compile(r"\\u(?:0000|[dD][89a-fA-F])|\x00")


def place_of(error: ApiError, text: str) -> Span:
    """Where in `text` the parser stumbled. `error` is its refusal."""
    offset = error.details.get("offset")
    if isinstance(offset, int):
        return _around(text, offset)
    return _first_refused(text) or _deepest(text)


def _around(text: str, offset: int) -> Span:
    """The token that begins there, or the last character where the text just ends."""
    if offset >= len(text):
        return Span(max(0, len(text.rstrip()) - 1), max(1, len(text.rstrip())))
    found = re.compile(r"[\w.+-]+").match(text, offset)
    return Span(offset, found.end() if found else offset + 1)


def _first_refused(text: str) -> Span | None:
    """A constant that is no JSON, a number too long to read, or a string that a database cannot hold."""
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in _CONSTANTS or (len(token) > sys.get_int_max_str_digits() and token.lstrip("-").isdigit()):
            return Span(match.start(), match.end())
        if token[0] == '"' and _SUSPICIOUS.search(token) and _is_unstorable(token):
            return Span(match.start(), match.end())
    return None


def _is_unstorable(token: str) -> bool:
    return any(character == "\0" or "\ud800" <= character <= "\udfff" for character in json.loads(token))


def _deepest(text: str) -> Span:
    """The innermost opening bracket of a text that is nested too deeply."""
    depth = deepest = place = 0
    for match in _TOKEN.finditer(text):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(match.group(), 0)
        if depth > deepest:
            deepest, place = depth, match.start()
    return Span(place, place + 1)
