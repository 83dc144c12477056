"""Light or dark: kept in a cookie, so that pages come in the right colours at once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "theme"
LIFETIME_S = 365 * 24 * 3600
THEMES = ("light", "dark")


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember the choice and go back to where the person was; an unknown theme forgets it."""
    back, theme = request.POST.get("next", ""), request.POST.get("theme", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = redirect(back if is_ours else "console:dashboard")
    if theme in THEMES:
        response.set_cookie(
            COOKIE, theme, max_age=LIFETIME_S, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(COOKIE)
    return response
