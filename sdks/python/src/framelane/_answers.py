"""Answers turned into objects or exceptions."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from framelane import errors
from framelane._retry import retry_after_s
from framelane._wire import Answer, Broken

T = TypeVar("T")

SHOWN_CHARACTERS = 300


@lru_cache(maxsize=256)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def parsed(kind: Any, answer: Answer) -> Any:
    """The answer's body as an object of a kind, None for no kind. Raises UnexpectedAnswer."""
    if kind is None:
        return None
    try:
        return _adapter(kind).validate_json(answer.body)
    except ValidationError as error:
        message = f"The answer is not what the API promises (status {answer.status}): {error}"
        raise errors.UnexpectedAnswer(message) from None


def error_of(answer: Answer) -> errors.ApiError:
    """The exception for an answer that reports an error, or that is none that can be used."""
    code, message, details = _told(answer)
    kind = errors.BY_CODE.get(code, errors.ApiError)
    error = kind(answer.status, code, message, details, answer.headers.get("X-Request-Id"))
    if isinstance(error, errors.RateLimited):
        error.retry_after_s = retry_after_s(answer.headers)
    return error


def _told(answer: Answer) -> tuple[str, str, dict[str, Any]]:
    try:
        told = json.loads(answer.body)["error"]
        details = told.get("details")
        return str(told["code"]), str(told["message"]), details if isinstance(details, dict) else {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return _code_by_status(answer.status), _shown(answer), {}


def _code_by_status(status: int) -> str:
    """What stands in front of the API (a gateway, a store) has no codes of ours."""
    return {
        400: "invalid_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
        409: "conflict", 410: "gone", 413: "payload_too_large", 415: "unsupported_media_type", 429: "rate_limited",
        500: "internal", 501: "not_configured", 502: "unavailable", 503: "unavailable", 504: "unavailable",
    }.get(status, "unknown")  # fmt: skip


def _shown(answer: Answer) -> str:
    text = " ".join(answer.body.decode("utf-8", "replace").split())
    return text[:SHOWN_CHARACTERS] or f"The server answered with status {answer.status} and nothing else."


def failure_of(broken: Broken) -> errors.ConnectionFailed:
    """The exception for a request that no answer came to."""
    return errors.TimedOut(str(broken)) if broken.timed_out else errors.ConnectionFailed(str(broken))
