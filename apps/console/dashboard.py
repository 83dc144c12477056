"""The first page after signing in."""

from django.http import HttpResponse

from apps.console.pages import page, show
from apps.console.visitor import Page


@page("workspace:read")
def dashboard(request: Page) -> HttpResponse:
    return show(request, "console/dashboard.html")
