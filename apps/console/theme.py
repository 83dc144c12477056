"""Light or dark: kept in a cookie, so that pages come in the right colours at once."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.console.sign_in.ways import wanted_page

COOKIE = "theme"
LIFETIME_S = 365 * 24 * 3600
THEMES = ("light", "dark")


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember the choice and go back to where the person was; an unknown theme forgets it."""
    theme = request.POST.get("theme", "")
    response = redirect(wanted_page(request) or "console:dashboard")
    if theme in THEMES:
        is_secure = settings.SESSION_COOKIE_SECURE
        # Pages of the documentation, which are the same for everybody, set it by a script.
        response.set_cookie(COOKIE, theme, max_age=LIFETIME_S, secure=is_secure, samesite="Lax")
    else:
        response.delete_cookie(COOKIE)
    return response
