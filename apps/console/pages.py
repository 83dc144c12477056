"""What every page of the console has in common: who may see it, how it is drawn, how it answers for errors."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from apps.console.visitor import Page, visitor_of

P = ParamSpec("P")
View = Callable[Concatenate[Page, P], HttpResponse]


class Refused(Exception):
    """The page cannot be shown, or what was asked for not done: `status` and a sentence for the person."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def page(scope: str, *methods: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """A view for somebody who has signed in and whose role allows `scope`, for these methods (GET alone by default).

    Strangers are sent to sign in and come back, people without a workspace to make one. The view raises Refused.
    """
    accepted = methods or ("GET",)

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @never_cache
        @wraps(view)
        def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in (*accepted, *(("HEAD",) if "GET" in accepted else ())):
                return HttpResponseNotAllowed(accepted)
            if (elsewhere := _sent_elsewhere(request)) is not None:
                return elsewhere
            try:
                _require(cast(Page, request), scope)
                return view(cast(Page, request), *args, **kwargs)
            except Refused as refusal:
                return refused(request, refusal)

        return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], answer)

    return decorate


def _sent_elsewhere(request: HttpRequest) -> HttpResponse | None:
    """Where somebody has to go first; None for who may stay. Sets `request.visitor` then."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/console/")
    visitor = visitor_of(request)
    if visitor is None:
        return redirect("console:welcome")
    cast(Page, request).visitor = visitor
    return None


def _require(request: Page, scope: str) -> None:
    if not request.visitor.may(scope):
        raise Refused(403, "Only an owner of this workspace may do that.")


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The page, or the fragment for htmx, that says why not."""
    facts = {"message": refusal.message, "status": refusal.status}
    template = "console/parts/refusal.html" if request.headers.get("HX-Request") else "console/error.html"
    return show(request, template, facts, status=refusal.status)


def show(
    request: HttpRequest, template: str, facts: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A page or a fragment, with `visitor` among its facts (None before anybody has one)."""
    visitor = getattr(request, "visitor", None)
    return render(request, template, {"visitor": visitor, **(facts or {})}, status=status)
