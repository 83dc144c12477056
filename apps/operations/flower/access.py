"""Who may look into Flower, and who may turn its knobs."""

import re
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from framelane.api.errors import ApiError, forbidden, not_found
from framelane.api.handlers import error_response

_READING: Final = frozenset({"GET", "HEAD"})
# Flower's list of tasks asks for its rows with a POST.
_READ_BY_POST: Final = "tasks/datatable"
_CONTROLS: Final = re.compile(r"api/(?:worker/(?:shutdown|pool|queue)|task/(?:revoke|abort|timeout|rate-limit))/.+")


def refusal(request: HttpRequest, path: str) -> HttpResponseBase | None:
    """The answer to somebody who may not do this; None for who may. `path` is what comes after /flower/.

    Strangers are sent to the staff's sign-in. Customers do not learn that there is anything here.
    """
    user = request.user
    if isinstance(user, AnonymousUser):
        return _to_sign_in(request)
    if not admin.site.has_permission(request) or not user.has_perm("operations.view_flower"):
        return error_response(not_found())
    if request.method in _READING:
        return None
    error = _post_refused(request, user, path)
    return error_response(error) if error is not None else None


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.method not in _READING:
        return error_response(forbidden("Sign in first."))
    return redirect_to_login(request.get_full_path(), reverse("admin:login"))


def is_change(request: HttpRequest, path: str) -> bool:
    """Whether a request does anything to workers or tasks."""
    return request.method not in _READING and path != _READ_BY_POST


def _post_refused(request: HttpRequest, user: User, path: str) -> ApiError | None:
    if request.method != "POST":
        return ApiError(405, "method_not_allowed", f"{request.method} is not possible here.")
    if not comes_from_here(request):
        return forbidden("This must come from a page of this installation.")
    return _change_refused(user, path) if is_change(request, path) else None


def _change_refused(user: User, path: str) -> ApiError | None:
    if not user.has_perm("operations.control_flower"):
        return forbidden("You may look, and change nothing.")
    # Flower can also send any message of any content. Whoever may stop a worker may not therefore become one.
    if not _CONTROLS.fullmatch(path):
        return not_found()
    return None


def comes_from_here(request: HttpRequest) -> bool:
    """Whether a page of ours has sent this (Fetch Metadata, and RFC 6454 for the origin); a browser says so itself."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is None and origin is None:
        return False
    return site in (None, "same-origin") and origin in (None, *_own_origins(request))


def _own_origins(request: HttpRequest) -> set[str]:
    public = urlsplit(settings.FRAMELANE_PUBLIC_URL)
    return {f"{public.scheme}://{public.netloc}", f"{request.scheme}://{request.get_host()}"}
