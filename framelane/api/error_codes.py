"""Every error code of the HTTP contract, with its statuses, its meaning, and what to do about it."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One `code` of the envelope, the HTTP statuses that it comes with, and what a client does about it."""

    statuses: tuple[int, ...]
    meaning: str
    remedy: str


ERROR_CODES: Final[dict[str, ErrorCode]] = {
    "invalid_request": ErrorCode(
        (400, 411, 414, 431),
        "The request cannot be read: malformed JSON, a bad cursor.",
        "Read the message: mend the JSON, send a Content-Length, or begin a list anew without `cursor`.",
    ),
    "unauthorized": ErrorCode(
        (401,),
        "No API key, or one that does not work.",
        "Send `Authorization: Bearer <key>` with a key that is neither revoked nor expired.",
    ),
    "quota_exceeded": ErrorCode(
        (402,),
        "The plan's allowance is used up.",
        "Wait for the next billing period, or choose a larger plan at `/v1/billing/checkout`.",
    ),
    "email_not_verified": ErrorCode(
        (403,),
        "The workspace's e-mail address is not verified yet.",
        "Enter the code from the mail at `/v1/signup/verify`; `/v1/signup/resend` sends another one.",
    ),
    "plan_limit": ErrorCode(
        (403,),
        "The plan does not include this resolution or feature.",
        "Ask for less, such as a smaller film, or choose a plan that includes it.",
    ),
    "forbidden": ErrorCode(
        (403,),
        "The key may not do this.",
        "Use a key with the scope that the message names, or ask a member of the workspace who may do it.",
    ),
    "not_found": ErrorCode(
        (404,),
        "There is no such thing in this workspace.",
        "Check the id, and that the key is one of the workspace that it belongs to.",
    ),
    "method_not_allowed": ErrorCode(
        (405,),
        "The address exists, but not with this method.",
        "Use one of the methods of the header `Allow`.",
    ),
    "conflict": ErrorCode(
        (409,),
        "The object's state does not allow this.",
        "Read the object again and decide by its state: what has ended cannot be cancelled.",
    ),
    "idempotency_conflict": ErrorCode(
        (409,),
        "The Idempotency-Key was used with another body.",
        "Use a new key for another request; send the same body with the same key.",
    ),
    "not_ready": ErrorCode(
        (409,),
        "The job has no output yet.",
        "Wait until the job is `completed`: read it with `?wait=25`, or listen to its events.",
    ),
    "gone": ErrorCode(
        (410,),
        "The output was deleted after its retention.",
        "Run the job again, and copy its output before it is deleted.",
    ),
    "payload_too_large": ErrorCode(
        (413,),
        "The body is larger than this installation accepts.",
        "Send a smaller body; files go to `/v1/uploads`, not into requests.",
    ),
    "unsupported_media_type": ErrorCode(
        (415,),
        "The body is not application/json.",
        "Send JSON with `Content-Type: application/json`.",
    ),
    "validation_error": ErrorCode(
        (422,),
        "Fields are missing or wrong; details.fields names each.",
        "Mend each field of `details.fields`: `path` leads to it, `message` says what is accepted.",
    ),
    "unsupported_feature": ErrorCode(
        (422,),
        "Part of the contract, but not supported by this version.",
        "Read the message; `/v1/capabilities` says what is supported, and the reason where something is not.",
    ),
    "unsupported_content_type": ErrorCode(
        (422,),
        "Files of this type cannot be uploaded.",
        "Use one of the types of `input_formats` in `/v1/capabilities`.",
    ),
    "rate_limited": ErrorCode(
        (429,),
        "Too many requests; Retry-After says how long to wait.",
        "Wait for as many seconds as `Retry-After` says, then send the same again.",
    ),
    "internal": ErrorCode(
        (500,),
        "Our fault; the request id finds it in the log.",
        "Try again after a while; when it stays, give the `request_id` to whoever runs the installation.",
    ),
    "not_configured": ErrorCode(
        (501,),
        "This installation is not set up for it; its operator can do that.",
        "Ask whoever runs the installation to set it up.",
    ),
    "unavailable": ErrorCode(
        (503,),
        "Something that the request needs is away for the moment.",
        "Try again after a while, each time after a longer one; nothing was begun.",
    ),
}
