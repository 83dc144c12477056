"""What can go wrong, as exceptions.

Every exception of this package is a `FramelaneError`. An answer of the API that reports an error is an `ApiError`, and
of the class that belongs to its code: catch `QuotaExceeded`, or `ApiError` and look at `code`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from framelane._generated import AssetOut, ImportOut, JobOut

T = TypeVar("T")


class FramelaneError(Exception):
    """Anything that this package raises of its own."""


class MissingApiKey(FramelaneError):
    """The call needs an API key, and the client was given none."""

    def __init__(self) -> None:
        super().__init__("This call needs an API key: pass api_key=... to the client, or set FRAMELANE_API_KEY.")


class ApiError(FramelaneError):
    """The API answered with an error. This class itself stands for codes that this version does not know.

    `status` is the HTTP status, `code` what to decide by, `message` is for people, `details` depend on the code,
    `request_id` is what support asks for.
    """

    def __init__(self, status: int, code: str, message: str, details: dict[str, Any], request_id: str | None) -> None:
        told = f"{message} [{status} {code}" + (f", request {request_id}]" if request_id else "]")
        super().__init__(told)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.request_id = request_id

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.status, self.code, self.message, self.details, self.request_id)


class InvalidRequest(ApiError):
    """400: the request cannot be understood."""


class Unauthorized(ApiError):
    """401: there is no API key, or it is not valid (any more)."""


class QuotaExceeded(ApiError):
    """402: the plan's minutes are used up."""


class EmailNotVerified(ApiError):
    """403: the workspace's e-mail address must be verified first."""


class PlanLimit(ApiError):
    """403: the plan does not include this."""


class Forbidden(ApiError):
    """403: the API key may not do this."""


class NotFound(ApiError):
    """404: there is no such object in this workspace."""


class MethodNotAllowed(ApiError):
    """405: this address does not take this method."""


class Conflict(ApiError):
    """409: the object's state does not allow this."""


class IdempotencyConflict(Conflict):
    """409: the `Idempotency-Key` was used with another body."""


class NotReady(Conflict):
    """409: the job is not completed yet, so that there is nothing to download."""


class Gone(ApiError):
    """410: it was there, and is not kept any longer."""


class PayloadTooLarge(ApiError):
    """413: the body or file is too large."""


class UnsupportedMediaType(ApiError):
    """415: the body is not JSON."""


class ValidationFailed(ApiError):
    """422: fields of the request are wrong. `fields` tells of each: `path` (a JSON pointer), `code`, `message`."""

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The problems, each with `path`, `code` and `message`."""
        fields = self.details.get("fields")
        return [field for field in fields if isinstance(field, dict)] if isinstance(fields, list) else []


class UnsupportedFeature(ValidationFailed):
    """422: this installation cannot do that; the message says why."""


class UnsupportedContentType(ValidationFailed):
    """422: files of this MIME type are not taken."""


class RateLimited(ApiError):
    """429: too many requests. `retry_after_s` is when to try again, in seconds, where the answer tells."""

    retry_after_s: float | None = None


class InternalError(ApiError):
    """500: something broke in the server."""


class NotConfigured(ApiError):
    """501: the server's operator has not set this up."""


class Unavailable(ApiError):
    """503 (or a gateway's 502 and 504): the server cannot answer at present."""


BY_CODE: dict[str, type[ApiError]] = {
    "invalid_request": InvalidRequest,
    "unauthorized": Unauthorized,
    "quota_exceeded": QuotaExceeded,
    "email_not_verified": EmailNotVerified,
    "plan_limit": PlanLimit,
    "forbidden": Forbidden,
    "not_found": NotFound,
    "method_not_allowed": MethodNotAllowed,
    "conflict": Conflict,
    "idempotency_conflict": IdempotencyConflict,
    "not_ready": NotReady,
    "gone": Gone,
    "payload_too_large": PayloadTooLarge,
    "unsupported_media_type": UnsupportedMediaType,
    "validation_error": ValidationFailed,
    "unsupported_feature": UnsupportedFeature,
    "unsupported_content_type": UnsupportedContentType,
    "rate_limited": RateLimited,
    "internal": InternalError,
    "not_configured": NotConfigured,
    "unavailable": Unavailable,
}
"""The class of each error code."""


class ConnectionFailed(FramelaneError):
    """The server could not be reached, or the connection broke, more often than is tried again."""


class TimedOut(ConnectionFailed):
    """The server did not answer in time, more often than is tried again."""


class UnexpectedAnswer(FramelaneError):
    """The server's answer is not what the API promises: perhaps something else answers at this address."""


class InvalidSignature(FramelaneError):
    """A webhook call is not from Framelane, too old, or was changed on its way: answer 400 and do nothing."""


class _About(FramelaneError, Generic[T]):
    """Tells of an object in a state that ends what was waited for."""

    def __init__(self, message: str, about: T) -> None:
        super().__init__(message)
        self._about = about

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self._about)


class JobFailed(_About["JobOut"]):
    """The job that was waited for has failed: `job.error` has the code and the cause."""

    @property
    def job(self) -> JobOut:
        """The job as it ended."""
        return self._about


class JobCancelled(_About["JobOut"]):
    """The job that was waited for was cancelled."""

    @property
    def job(self) -> JobOut:
        """The job as it ended."""
        return self._about


class ImportFailed(_About["ImportOut"]):
    """The import that was waited for has failed."""

    @property
    def import_(self) -> ImportOut:
        """The import as it ended."""
        return self._about


class AssetFailed(_About["AssetOut"]):
    """The asset that was waited for cannot be used."""

    @property
    def asset(self) -> AssetOut:
        """The asset as it is."""
        return self._about


class WaitTimedOut(_About[Any]):
    """It did not end within `timeout_s`. It goes on: wait again, or cancel it."""

    @property
    def job(self) -> Any:
        """The job (import, asset) as it was last seen."""
        return self._about
