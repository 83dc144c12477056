"""Rate limits of the API: per workspace behind a key, per client address elsewhere.

What is counted, each in its own account:

- requests that act for a workspace, by the workspace, at the rate of its plan: also those that fail later on;
- signing up and in (`/v1/signup*`, `/v1/auth/sync`), by address, at a strict rate;
- requests whose credentials are refused, by address: guessing ends, and keys that work are not in its way, since many
  people may share an address;
- attempts to sign in to the pages of the staff, by address, at the strict rate too; what is sent to sign in or up at
  the console counts like signing up there;
- every other request below `/v1`, by address.

What is not counted: the documents that anybody may cache, probes, pages outside `/v1`, calls of a payment provider,
which prove themselves by a signature, and the bytes of `/uploads/<token>` and `/media/`, whose signed addresses only a
counted request gives out: one upload takes many of them. Answers of the API that count for nothing carry the headers
too, with nothing used of the limit.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from framelane.api.client_address import client_site
from framelane.api.errors import ApiError
from framelane.api.handlers import error_response
from framelane.api.rate_rows import DatabaseLimiter
from framelane.lib.rate_limit import Guard, Limit, Verdict, untouched
from framelane.lib.rate_limit_redis import RedisLimiter
from gpu_tasks.timeline.catalogue import catalogue

SILENT_PREFIXES = ("/static/", "/admin/", "/media/", "/uploads/", "/flower/", "/metrics")
UNCOUNTED_PATHS = frozenset(
    {
        "/v1/capabilities",
        "/v1/billing/plans",
        "/v1/system/health",
        "/v1/system/ready",
        "/v1/system/version",
        "/v1/billing/stripe-webhook",
    }
)
SIGN_IN_PATHS = ("/v1/signup", "/v1/auth/sync")
CONSOLE_SIGN_IN_PATHS = ("/console/sign-in", "/console/sign-up")
STAFF_SIGN_IN_PATH = "/admin/login/"
_VERDICT = "framelane.rate_verdict"


def limits_per_minute() -> dict[str, int]:
    """How many requests a workspace of each plan may make in a minute."""
    return {plan: getattr(settings, f"FRAMELANE_RATE_LIMIT_{plan.upper()}") for plan in catalogue()["plans"]}


@cache
def _guard(redis_url: str) -> Guard:
    return Guard(RedisLimiter(redis_url) if redis_url else DatabaseLimiter())


def guard() -> Guard:
    """The limiter of this process."""
    return _guard(settings.REDIS_URL)


def rate_limited(verdict: Verdict) -> ApiError:
    """429; `verdict` is a refusal."""
    message = f"More than {verdict.limit} requests in a minute. Try again in {verdict.retry_after_s} seconds."
    details = {"limit": verdict.limit, "retry_after_s": verdict.retry_after_s}
    return ApiError(429, "rate_limited", message, details, headers=verdict.headers())


def count_for(workspace: Any) -> Verdict:
    """Count a request that acts for `workspace` against the limit of its plan."""
    return guard().hit(f"workspace:{workspace.id}", Limit(limits_per_minute()[workspace.plan]))


class WorkspaceThrottle(BaseThrottle):
    """For views with a `workspace`: counts the request against the limit of its plan."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Raises ApiError 429."""
        verdict = count_for(view.workspace)
        request.META[_VERDICT] = verdict
        if not verdict.allowed:
            raise rate_limited(verdict)
        return True


class RateLimitMiddleware:
    """Limits by address what no workspace answers for, and puts the headers on every answer of the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path == STAFF_SIGN_IN_PATH and request.method == "POST":
            return self._counted_first(request, "staff-sign-in", Limit(settings.FRAMELANE_RATE_LIMIT_SIGNUP))
        if path.startswith(CONSOLE_SIGN_IN_PATHS) and request.method == "POST":
            return self._counted_first(request, "sign-in", Limit(settings.FRAMELANE_RATE_LIMIT_SIGNUP))
        if path.startswith(SILENT_PREFIXES):
            return self.get_response(request)
        if not path.startswith("/v1/") or path in UNCOUNTED_PATHS:
            return _with_headers(self.get_response(request), untouched(_public()))
        if path.startswith(SIGN_IN_PATHS):
            return self._counted_first(request, "sign-in", Limit(settings.FRAMELANE_RATE_LIMIT_SIGNUP))
        if "Authorization" not in request.headers:
            return self._counted_first(request, "public", _public())
        return self._counted_afterwards(request)

    def _counted_first(self, request: HttpRequest, account: str, limit: Limit) -> HttpResponse:
        verdict = guard().hit(f"{account}:{client_site(request)}", limit)
        if not verdict.allowed:
            return error_response(rate_limited(verdict), request)
        response = self.get_response(request)
        return _with_headers(response, request.META.get(_VERDICT, verdict))

    def _counted_afterwards(self, request: HttpRequest) -> HttpResponse:
        """What the credentials are worth decides whose account the request goes to."""
        response = self.get_response(request)
        verdict = request.META.get(_VERDICT)
        if verdict is None:
            is_failure = response.status_code == 401
            limit = Limit(settings.FRAMELANE_RATE_LIMIT_FAILED_AUTH) if is_failure else _public()
            subject = "failed-auth" if is_failure else "public"
            verdict = guard().hit(f"{subject}:{client_site(request)}", limit)
            if not verdict.allowed:
                return error_response(rate_limited(verdict))
        return _with_headers(response, verdict)


def _public() -> Limit:
    return Limit(settings.FRAMELANE_RATE_LIMIT_PUBLIC)


def _with_headers(response: HttpResponse, verdict: Verdict) -> HttpResponse:
    for name, value in verdict.headers().items():
        response.headers[name] = value
    return response
