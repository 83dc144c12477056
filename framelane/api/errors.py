"""The error envelope: `{"error": {"code", "message", "details"}}`, the same on every path."""

from collections.abc import Iterable, Mapping
from typing import Any

from framelane.api.request_ids import current_request_id
from gpu_tasks.timeline.problems import Problem


class ApiError(Exception):
    """An answer that is not a success. `details` is always an object; `headers` are added to the response."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = dict(details or {})
        self.headers = dict(headers or {})

    def envelope(self) -> dict[str, Any]:
        return envelope(self.code, self.message, self.details)


def envelope(code: str, message: str, details: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The body of an answer that is not a success."""
    return {"error": {"code": code, "message": message, "details": dict(details or {})}}


def invalid_request(message: str, details: Mapping[str, Any] | None = None) -> ApiError:
    return ApiError(400, "invalid_request", message, details)


def unauthorized(message: str) -> ApiError:
    return ApiError(401, "unauthorized", message, headers={"WWW-Authenticate": 'Bearer realm="Framelane API"'})


def quota_exceeded(message: str, details: Mapping[str, Any] | None = None) -> ApiError:
    return ApiError(402, "quota_exceeded", message, details)


def forbidden(message: str) -> ApiError:
    return ApiError(403, "forbidden", message)


def plan_limit(message: str, details: Mapping[str, Any] | None = None) -> ApiError:
    return ApiError(403, "plan_limit", message, details)


def not_found(message: str = "There is nothing at this address.") -> ApiError:
    return ApiError(404, "not_found", message)


def conflict(message: str, code: str = "conflict") -> ApiError:
    """409; `code` is `conflict`, `idempotency_conflict` or `not_ready`."""
    return ApiError(409, code, message)


def gone(message: str) -> ApiError:
    return ApiError(410, "gone", message)


def validation_error(problems: Iterable[Problem], code: str = "validation_error") -> ApiError:
    """422 with `details.fields`; `code` may also be `unsupported_feature` or `unsupported_content_type`."""
    found = list(problems)
    summary = "; ".join(f"{problem.path or '/'}: {problem.message}" for problem in found[:3])
    if len(found) > 3:
        summary += f"; and {len(found) - 3} more"
    return ApiError(422, code, summary, {"fields": [problem.as_dict() for problem in found]})


def unavailable(message: str) -> ApiError:
    return ApiError(503, "unavailable", message, headers={"Retry-After": "5"})


def internal() -> ApiError:
    """500. Says nothing but the request id, by which the log can be searched."""
    message = "Something went wrong on our side. Mention the request id when you report it."
    return ApiError(500, "internal", message, {"request_id": current_request_id()})
