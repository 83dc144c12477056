"""The page at `/`: where to go from here."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.console.playground.gallery import TEMPLATES
from framelane.api.errors import ApiError
from framelane.api.handlers import error_response


def home_page(request: HttpRequest) -> HttpResponse:
    """A short welcome with the first commands."""
    if request.method not in ("GET", "HEAD"):
        return error_response(ApiError(405, "method_not_allowed", f"{request.method} is not possible here."), request)
    facts = {"public_url": settings.FRAMELANE_PUBLIC_URL, "version": settings.FRAMELANE_VERSION}
    return render(request, "home.html", {**facts, "templates": TEMPLATES})
