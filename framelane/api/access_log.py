"""One line in the log for each request."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from framelane.api.routes import method_of, route_of
from framelane.lib import log_context

log = logging.getLogger("framelane.access")


class AccessLogMiddleware:
    """Names the route and not the path, which may hold secrets; who asked is added where a request is recognised."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        with log_context.scope():
            response = self.get_response(request)
            _tell(request, response, time.perf_counter() - began)
            return response


def _tell(request: HttpRequest, response: HttpResponse, duration_s: float) -> None:
    facts = {
        "method": method_of(request),
        "route": route_of(request),
        "status": response.status_code,
        "duration_ms": round(1000 * duration_s, 1),
    }
    log.info("%s %s", facts["method"], facts["route"], extra=facts)
