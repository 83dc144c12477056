"""Which envelope each exception of a view becomes."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from framelane.api.errors import ApiError, forbidden, not_found, unavailable

log = logging.getLogger(__name__)


def exception_handler(exception: Exception, context: Mapping[str, Any]) -> Response | None:
    """What DRF answers when a view raises. None lets the exception through to the handler of last resort."""
    error = _as_api_error(exception)
    if error is None:
        return None
    set_rollback()
    return Response(error.envelope(), status=error.status, headers=error.headers)


def _as_api_error(exception: Exception) -> ApiError | None:
    if isinstance(exception, ApiError):
        return exception
    if isinstance(exception, Http404):
        return not_found()
    if isinstance(exception, PermissionDenied):
        return forbidden("You may not do this.")
    if isinstance(exception, exceptions.APIException):
        return _from_drf(exception)
    if isinstance(exception, (OperationalError, InterfaceError)):
        log.error("database unavailable", exc_info=exception)
        return unavailable("The database is not available right now. Try again in a few seconds.")
    return None


_CODES = {
    status.HTTP_400_BAD_REQUEST: "invalid_request",
    status.HTTP_401_UNAUTHORIZED: "unauthorized",
    status.HTTP_403_FORBIDDEN: "forbidden",
    status.HTTP_404_NOT_FOUND: "not_found",
    status.HTTP_405_METHOD_NOT_ALLOWED: "method_not_allowed",
    status.HTTP_413_REQUEST_ENTITY_TOO_LARGE: "payload_too_large",
    status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
    status.HTTP_429_TOO_MANY_REQUESTS: "rate_limited",
    status.HTTP_503_SERVICE_UNAVAILABLE: "unavailable",
}


def _from_drf(exception: exceptions.APIException) -> ApiError | None:
    code = _CODES.get(exception.status_code)
    if code is None:
        return None
    headers = {}
    if (wait_s := getattr(exception, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, round(wait_s)))
    if isinstance(exception, exceptions.UnsupportedMediaType):
        return ApiError(exception.status_code, code, "Send the body as application/json.")
    return ApiError(exception.status_code, code, str(exception.detail), headers=headers)
