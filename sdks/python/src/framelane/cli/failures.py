"""How the command ends: its exit codes, and one clear line for whatever went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import httpx

from framelane import errors
from framelane.timeline import InvalidTimeline, Violation

DONE = 0
FAILED = 1
USAGE = 2
REFUSED = 3
DENIED = 4
MISSING = 5
UNAVAILABLE = 6
TOO_LATE = 7
INTERRUPTED = 130
TERMINATED = 143
PIPE_CLOSED = 141

MEANINGS = (
    (DONE, "done"),
    (FAILED, "the job failed or was cancelled, or anything else went wrong"),
    (USAGE, "the command line is wrong"),
    (REFUSED, "the scene or request is not accepted; the lines on stderr name its fields"),
    (DENIED, "there is no API key, or it may not do this"),
    (MISSING, "there is no such job, file or address"),
    (UNAVAILABLE, "the server cannot be reached or cannot answer at present: try again"),
    (TOO_LATE, "the time of --timeout is over; the job goes on"),
    (INTERRUPTED, "interrupted with Ctrl-C"),
)

_CODES: tuple[tuple[tuple[type[BaseException], ...], int], ...] = (
    ((errors.ValidationFailed, errors.InvalidRequest, InvalidTimeline), REFUSED),
    ((errors.MissingApiKey, errors.Unauthorized, errors.Forbidden, errors.EmailNotVerified), DENIED),
    ((errors.NotFound, errors.Gone, FileNotFoundError), MISSING),
    ((errors.ConnectionFailed, errors.RateLimited, errors.InternalError, errors.Unavailable), UNAVAILABLE),
    ((httpx.TransportError,), UNAVAILABLE),
    ((errors.WaitTimedOut,), TOO_LATE),
)


class CommandFailed(Exception):
    """Ends the command with `code`; `lines` go to stderr."""

    def __init__(self, *lines: str, code: int = FAILED) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines
        self.code = code


class Interrupted(BaseException):
    """A signal asks the command to end."""

    def __init__(self, code: int = INTERRUPTED) -> None:
        super().__init__(code)
        self.code = code


def refused(violations: Sequence[Violation]) -> CommandFailed:
    """The failure of a scene that would not be accepted."""
    return CommandFailed(*(str(violation) for violation in violations), code=REFUSED)


def code_of(error: BaseException) -> int:
    """The exit code that a failure ends the command with."""
    if isinstance(error, (CommandFailed, Interrupted)):
        return error.code
    return next((code for kinds, code in _CODES if isinstance(error, kinds)), FAILED)


def lines_of(error: BaseException) -> list[str]:
    """What to tell of a failure: a line for each field that is wrong, else one line."""
    if isinstance(error, CommandFailed):
        return list(error.lines)
    if isinstance(error, errors.MissingApiKey):
        return ["no API key: run `framelane login`, or set FRAMELANE_API_KEY"]
    if isinstance(error, errors.ConnectionFailed):
        return [f"the server cannot be reached, or does not answer: {error}"]
    if isinstance(error, errors.ApiError):
        return list(_of_answer(error))
    if isinstance(error, OSError) and error.filename is not None:
        return [f"{error.filename}: {error.strerror or error}"]
    return [str(error) or type(error).__name__]


def _of_answer(error: errors.ApiError) -> Iterator[str]:
    fields: Sequence[dict[str, Any]] = error.fields if isinstance(error, errors.ValidationFailed) else ()
    told = dict.fromkeys(f"{field.get('path') or 'request'}: {field.get('message')}" for field in fields)
    yield from told or [f"{error.message} [{error.code}{_request(error)}]"]


def _request(error: errors.ApiError) -> str:
    """The id that support asks for, where it is likely to be asked."""
    return f", request {error.request_id}" if error.request_id and error.status >= 500 else ""
