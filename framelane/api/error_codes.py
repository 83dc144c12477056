"""Every error code of the HTTP contract, with its statuses and its meaning."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One `code` of the envelope and the HTTP statuses that it comes with."""

    statuses: tuple[int, ...]
    meaning: str


ERROR_CODES: Final[dict[str, ErrorCode]] = {
    "invalid_request": ErrorCode((400, 411, 414, 431), "The request cannot be read: malformed JSON, a bad cursor."),
    "unauthorized": ErrorCode((401,), "No API key, or one that does not work."),
    "quota_exceeded": ErrorCode((402,), "The plan's allowance is used up."),
    "email_not_verified": ErrorCode((403,), "The workspace's e-mail address is not verified yet."),
    "plan_limit": ErrorCode((403,), "The plan does not include this resolution or feature."),
    "forbidden": ErrorCode((403,), "The key may not do this."),
    "not_found": ErrorCode((404,), "There is no such thing in this workspace."),
    "method_not_allowed": ErrorCode((405,), "The address exists, but not with this method."),
    "conflict": ErrorCode((409,), "The object's state does not allow this."),
    "idempotency_conflict": ErrorCode((409,), "The Idempotency-Key was used with another body."),
    "not_ready": ErrorCode((409,), "The job has no output yet."),
    "gone": ErrorCode((410,), "The output was deleted after its retention."),
    "payload_too_large": ErrorCode((413,), "The body is larger than this installation accepts."),
    "unsupported_media_type": ErrorCode((415,), "The body is not application/json."),
    "validation_error": ErrorCode((422,), "Fields are missing or wrong; details.fields names each."),
    "unsupported_feature": ErrorCode((422,), "Part of the contract, but not supported by this version."),
    "unsupported_content_type": ErrorCode((422,), "Files of this type cannot be uploaded."),
    "rate_limited": ErrorCode((429,), "Too many requests; Retry-After says how long to wait."),
    "internal": ErrorCode((500,), "Our fault; the request id finds it in the log."),
    "not_configured": ErrorCode((501,), "This installation is not set up for it; its operator can do that."),
    "unavailable": ErrorCode((503,), "Something that the request needs is away for the moment."),
}
