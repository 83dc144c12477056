"""The envelope where no DRF view is in charge: unknown paths, refused hosts, oversized bodies, failures."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse

from framelane.api.errors import ApiError, forbidden, internal, invalid_request, not_found


def error_response(error: ApiError) -> JsonResponse:
    return JsonResponse(error.envelope(), status=error.status, headers=error.headers)


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    if isinstance(exception, RequestDataTooBig):
        return error_response(ApiError(413, "payload_too_large", "The body is too large."))
    return error_response(invalid_request("The request is malformed."))


def permission_denied(request: HttpRequest, exception: Exception) -> JsonResponse:
    return error_response(forbidden("You may not do this."))


def csrf_failure(request: HttpRequest, reason: str = "") -> JsonResponse:
    return error_response(forbidden("The form has expired. Load the page again."))


def page_not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    return error_response(not_found(f"There is nothing at {request.path_info[:200]}."))


def server_error(request: HttpRequest) -> JsonResponse:
    return error_response(internal())
