"""JSON in, strictly; JSON out, always."""

import json
import re
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from framelane.api.errors import ApiError, invalid_request

_SUSPICIOUS_ESCAPE = re.compile(rb"\\u(0000|[dD][89a-fA-F])")


class StrictJSONParser(BaseParser):
    """Refuses what the JSON standard refuses, and text that a database cannot hold."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit_bytes = settings.FRAMELANE_MAX_BODY_BYTES
        raw = stream.read(limit_bytes + 1)
        if len(raw) > limit_bytes:
            raise ApiError(413, "payload_too_large", f"The body is larger than {limit_bytes} bytes.")
        return loads(raw)


def loads(raw: bytes) -> Any:
    """Parse a body. Raises ApiError 400 that says where it breaks."""
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise invalid_request(f"The body is not UTF-8: byte {error.start} cannot be decoded.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        details = {"line": error.lineno, "column": error.colno, "offset": error.pos}
        raise invalid_request(f"The body is not JSON: {error.msg} at {place}.", details) from None
    except RecursionError:
        raise invalid_request("The body is nested too deeply.") from None
    except ValueError as error:
        # An integer of thousands of digits: Python refuses to convert it.
        raise invalid_request(f"The body holds a number that cannot be read: {str(error)[:100]}") from None
    if _SUSPICIOUS_ESCAPE.search(raw):
        _refuse_unstorable(value)
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise invalid_request(f"The body is not JSON: {name} is not a JSON number.")


def _refuse_unstorable(value: Any) -> None:
    """Raises ApiError when a string anywhere holds NUL or half of a surrogate pair."""
    pending = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            pending += [*node.keys(), *node.values()]
        elif isinstance(node, list):
            pending += node
        elif isinstance(node, str) and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in node):
            raise invalid_request("The body holds a string with a NUL or an unpaired surrogate.")


class JsonOnly(BaseContentNegotiation):
    """Every answer is JSON, whatever the Accept header says; a body must say that it is JSON."""

    def select_parser(self, request: Request, parsers: list[BaseParser]) -> BaseParser | None:  # type: ignore[override]
        essence = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == essence), None)

    def select_renderer(  # type: ignore[override]
        self, request: Request, renderers: list[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str | None]:
        return renderers[0], renderers[0].media_type
