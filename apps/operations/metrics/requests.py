"""Counts of requests and how long they took, kept in this process, or in files that all processes of a web share."""

import os
import time
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, multiprocess

from framelane.api.routes import method_of, route_of

SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Set by the web's first process before anything counts, see framelane.gunicorn."""
BOUNDS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

# When each counter began: as many series again, that nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]
OWN = CollectorRegistry()
REQUESTS = Counter(
    "framelane_http_requests",
    "Requests that were answered, by method, route and status.",
    ("method", "route", "status"),
    registry=OWN,
)
DURATION = Histogram(
    "framelane_http_request_duration_seconds",
    "From the arrival of a request to the head of its answer.",
    ("method", "route"),
    buckets=BOUNDS_S,
    registry=OWN,
)


def registry() -> CollectorRegistry:
    """A registry with the counts of all processes of this web."""
    if not os.environ.get(SHARED_FOLDER):
        return OWN
    shared = CollectorRegistry()
    multiprocess.MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared


class RequestMetricsMiddleware:
    """Outside of everything that may answer, so that refusals count too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        method, route = method_of(request), route_of(request)
        REQUESTS.labels(method, route, str(response.status_code)).inc()
        DURATION.labels(method, route).observe(time.perf_counter() - began)
        return response
