"""Why an address could not be fetched."""

from typing import Literal

FetchCode = Literal["source_not_found", "invalid_source", "source_too_large", "timeout"]


class FetchFailed(Exception):
    """`code` is a job error code; `message` is for the customer and shows the URL without its query.

    `retryable` says that the same request may well succeed later.
    """

    code: FetchCode

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.retryable = retryable


class NotFound(FetchFailed):
    """The host, or the file on it, is not there, or does not answer."""

    code = "source_not_found"


class Refused(FetchFailed):
    """The URL, or what lies behind it, is nothing that may be fetched."""

    code = "invalid_source"


class TooLarge(FetchFailed):
    """More bytes than are allowed."""

    code = "source_too_large"


class TimedOut(FetchFailed):
    """No answer, or not all of it, in time."""

    code = "timeout"
