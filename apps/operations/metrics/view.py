"""`/metrics`: the text format of Prometheus, for those who may read it."""

import hmac
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from apps.operations.metrics import requests
from apps.operations.metrics.collector import InstallationCollector
from framelane.api.client_address import client_address
from framelane.api.errors import ApiError, not_found, unauthorized
from framelane.api.handlers import error_response

_PROXY_HEADERS: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")


def metrics(request: HttpRequest) -> HttpResponseBase:
    """401 for a wrong token; where none is set, 404 to everybody but this machine in development."""
    if (refusal := _refusal(request)) is not None:
        return error_response(refusal)
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"})


def exposition() -> bytes:
    """Everything that there is to tell."""
    installation = CollectorRegistry()
    installation.register(InstallationCollector())
    return generate_latest(requests.registry()) + generate_latest(installation)


def _refusal(request: HttpRequest) -> ApiError | None:
    if settings.FRAMELANE_METRICS_TOKEN:
        if not _has_token(request):
            return unauthorized("Send the token of the metrics as 'Authorization: Bearer ...'.")
    elif settings.IS_PRODUCTION or not _is_from_here(request):
        return not_found()
    if request.method not in ("GET", "HEAD"):
        return ApiError(405, "method_not_allowed", f"{request.method} is not possible here.")
    return None


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    is_equal = hmac.compare_digest(token.strip().encode(), settings.FRAMELANE_METRICS_TOKEN.encode())
    return scheme.lower() == "bearer" and is_equal


def _is_from_here(request: HttpRequest) -> bool:
    """Whether a program of this machine asks, and not a proxy on behalf of somebody."""
    address = client_address(request)
    is_direct = not any(name in request.headers for name in _PROXY_HEADERS)
    return is_direct and address is not None and address.is_loopback
