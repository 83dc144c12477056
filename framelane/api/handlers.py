"""Answers where no DRF view is in charge: unknown paths, refused hosts, oversized bodies, failures.

Programs get the envelope. A person in a browser gets a page that says the same, wherever no program is served.
"""

import logging
from typing import Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.html import escape

from framelane.api.errors import ApiError, forbidden, internal, invalid_request, not_found

log = logging.getLogger(__name__)
FOR_PROGRAMS: Final = ("/v1", "/v2", "/media/", "/uploads/", "/static/", "/openapi", "/healthz", "/readyz", "/metrics")
"""What paths begin with at which nobody but a program asks for anything, whatever it accepts."""
PAGE: Final = "console/error.html"
_BARE_PAGE: Final = "<!doctype html><html lang=en><meta charset=utf-8><title>Framelane</title><p>{}</p>"
"""For when the template itself is what fails."""


def error_response(error: ApiError, request: HttpRequest | None = None) -> HttpResponse:
    """The envelope; for a `request` of a person the page."""
    if request is None or request.path_info.startswith(FOR_PROGRAMS):
        return JsonResponse(error.envelope(), status=error.status, headers=error.headers)
    response = _page(error, request) if wants_page(request) else error_response(error)
    patch_vary_headers(response, ["Accept"])
    return response


def wants_page(request: HttpRequest) -> bool:
    """Whether a person in a browser asks: those say `text/html`, programs at most `*/*`."""
    return not request.path_info.startswith(FOR_PROGRAMS) and "text/html" in request.headers.get("Accept", "").lower()


def _page(error: ApiError, request: HttpRequest) -> HttpResponse:
    """Asks for nothing but what the browser has sent: what failed may have been the session or the database."""
    facts = {"message": error.message, "status": error.status, "request": request, **error.details}
    try:
        text: str = render_to_string(PAGE, facts)
    except Exception:
        log.exception("the page for errors cannot be drawn")
        text = _BARE_PAGE.format(escape(error.message))
    return HttpResponse(text, status=error.status, headers=error.headers)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return error_response(ApiError(413, "payload_too_large", "The body is too large."), request)
    return error_response(invalid_request("The request is malformed."), request)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(forbidden("You may not do this."), request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_response(forbidden("The form has expired. Load the page again."), request)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(not_found(f"There is nothing at {request.path_info[:200]}."), request)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_response(internal(), request)
