"""gunicorn's threaded worker, with the envelope for what is no HTTP request: those never reach Django."""

import json
from contextlib import suppress
from typing import Any

from gunicorn.http import errors as http_errors
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from framelane.api.errors import ApiError, internal, invalid_request

_REASONS = {
    400: "Bad Request",
    414: "URI Too Long",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
}


class EnvelopeWorker(ThreadWorker):  # type: ignore[misc]
    """The worker class of the Procfile's `web`."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer what could not be parsed, and close."""
        error = _as_api_error(exc)
        if error.status == 500:
            self.log.exception("request from %s broke the server", addr)
        else:
            self.log.warning("refused a request from %s: %s", addr, exc)
        with suppress(OSError):
            write_nonblock(client, _http(error))


def _as_api_error(exception: BaseException) -> ApiError:
    if isinstance(exception, (http_errors.InvalidResponseHeader, http_errors.InvalidResponseHeaderName)):
        return internal()
    if isinstance(exception, http_errors.LimitRequestLine):
        return ApiError(414, "invalid_request", "The address of the request is too long.")
    if isinstance(exception, http_errors.LimitRequestHeaders):
        return ApiError(431, "invalid_request", "The headers of the request are too large.")
    if isinstance(exception, http_errors.ParseException):
        return invalid_request("This is not a valid HTTP request.")
    return internal()


def _http(error: ApiError) -> bytes:
    body = json.dumps(error.envelope()).encode()
    head = (
        f"HTTP/1.1 {error.status} {_REASONS[error.status]}\r\n"
        "Connection: close\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body
