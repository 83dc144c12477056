"""A name for every request: `X-Request-Id` on the answer and in the log."""

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse
from ulid import ULID

HEADER = "X-Request-Id"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,128}")
_META_KEY = "framelane.request_id"
NO_REQUEST = "-"
_current: ContextVar[str] = ContextVar("request_id", default=NO_REQUEST)


def current_request_id() -> str:
    """The id of the request being answered, or `-` outside of one."""
    return _current.get()


def adopt(request_id: str) -> None:
    """Work on from here for the request of that name; for none when it is empty or was never a name."""
    _current.set(_accepted(request_id) or NO_REQUEST)


class RequestIdMiddleware:
    """Outermost, so that the answers of every other middleware carry the id too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = _accepted(request.headers.get(HEADER, "")) or f"req_{ULID()}"
        request.META[_META_KEY] = request_id
        token = _current.set(request_id)
        try:
            response = self.get_response(request)
            response[HEADER] = request_id
            return response
        finally:
            _current.reset(token)


def _accepted(value: str) -> str:
    return value if _WELL_FORMED.fullmatch(value) else ""


class RequestIdFilter(logging.Filter):
    """Adds `request_id` to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs refused requests when the middleware has already returned; such records carry their request.
        request = getattr(record, "request", None)
        record.request_id = getattr(request, "META", {}).get(_META_KEY) or current_request_id()
        return True
