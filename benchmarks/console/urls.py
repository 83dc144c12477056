"""The platform's addresses, and one page more: the frame of the console with nothing in it."""

from django.http import HttpResponse
from django.urls import path

from apps.console.pages import page, show
from apps.console.visitor import Page
from framelane.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
FRAME = "/console/frame"


@page("workspace:read")
def frame(request: Page) -> HttpResponse:
    """What every page of the console costs at least."""
    return show(request, "console/base.html")


urlpatterns = [path(FRAME.removeprefix("/"), frame), *urlpatterns]
