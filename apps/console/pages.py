"""What every page of the console has in common: who may see it, how it is drawn, how it answers for errors."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from apps.console import impersonation, lifetime
from apps.console.visitor import Page, visitor_of
from framelane.api.errors import ApiError
from framelane.lib import log_context

P = ParamSpec("P")
View = Callable[Concatenate[Page, P], HttpResponse]
READING = ("GET", "HEAD")


class Refused(Exception):
    """The page cannot be shown, or what was asked for not done: `status` and a sentence for the person."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


def page(
    scope: str, *methods: str, not_impersonating: bool = False
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """A view for somebody who has signed in and whose role allows `scope`, for these methods (GET alone by default).

    Strangers are sent to sign in and come back, people without a workspace to make one. What only the people of a
    workspace may do is `not_impersonating`: staff who act as the owner can read the page and not use its forms. The
    view raises Refused or ApiError.
    """
    accepted = methods or ("GET",)

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @never_cache
        @wraps(view)
        def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if (elsewhere := _sent_elsewhere(request)) is not None:
                return elsewhere
            visited = cast(Page, request)
            try:
                _require_method(visited, accepted)
                _require(visited, scope)
                _watch(visited, not_impersonating)
                return view(visited, *args, **kwargs)
            except (Refused, ApiError) as refusal:
                return refused(request, refusal)

        return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], answer)

    return decorate


def _sent_elsewhere(request: HttpRequest) -> HttpResponse | None:
    """Where somebody has to go first; None for who may stay. Sets `request.visitor` then."""
    if not request.user.is_authenticated:
        return go_to_sign_in(request)
    lifetime.prolong(request)
    if (workspace_id := impersonation.lapse(request)) is not None:
        messages.warning(request, "You no longer act for the workspace: the hour is over, or it is not possible now.")
        return _go(request, staff_page_of(workspace_id))
    visitor = visitor_of(request)
    if visitor is None:
        return _go(request, reverse("console:welcome"))
    log_context.note(workspace=visitor.workspace.id)
    cast(Page, request).visitor = visitor
    return None


def go_to_sign_in(request: HttpRequest) -> HttpResponse:
    """For somebody who has not signed in: there, and back here afterwards."""
    return _go(request, redirect_to_login(_way_back(request)).headers["Location"])


def _go(request: HttpRequest, address: str) -> HttpResponse:
    """htmx would put what a redirect leads to into the middle of the page."""
    is_fragment = request.headers.get("HX-Request") == "true"
    return HttpResponseClientRedirect(address) if is_fragment else redirect(address)


def _way_back(request: HttpRequest) -> str:
    """The page to return to after signing in: a form that was sent, or a fragment, is none."""
    is_page = request.method in READING and "HX-Request" not in request.headers
    return request.get_full_path() if is_page else reverse("console:dashboard")


def staff_page_of(workspace_id: str) -> str:
    """Where the staff of the installation sees a workspace."""
    return reverse("admin:workspaces_workspace_change", args=[workspace_id])


def _require_method(request: Page, accepted: tuple[str, ...]) -> None:
    if request.method not in (*accepted, *(("HEAD",) if "GET" in accepted else ())):
        message = f"{request.method} is not possible here."
        raise Refused(405, message, {"Allow": ", ".join(accepted)})


def _require(request: Page, scope: str) -> None:
    if not request.visitor.may(scope):
        raise Refused(403, "Only an owner of this workspace may do that.")


def _watch(request: Page, not_impersonating: bool) -> None:
    """Note what is asked for in somebody else's name, and refuse what nobody else may do."""
    if not request.visitor.is_impersonating or request.method in READING:
        return
    impersonation.note(request, request.visitor.workspace)
    if not_impersonating:
        raise Refused(403, "Only the people of this workspace may do that, not somebody who acts for them.")


def refused(request: HttpRequest, refusal: Refused | ApiError) -> HttpResponse:
    """The page, or the fragment for htmx, that says why not."""
    facts = {"message": refusal.message, "status": refusal.status}
    template = "console/parts/refusal.html" if request.headers.get("HX-Request") else "console/error.html"
    response = show(request, template, facts, status=refusal.status)
    for name, value in refusal.headers.items():
        response.headers[name] = value
    return response


def show(
    request: HttpRequest, template: str, facts: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A page or a fragment, with `visitor` among its facts (None before anybody has one)."""
    visitor = getattr(request, "visitor", None)
    return render(request, template, {"visitor": visitor, **(facts or {})}, status=status)
