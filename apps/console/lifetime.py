"""How long somebody stays signed in: two weeks (SESSION_COOKIE_AGE) after the last day on which they came."""

from typing import Final

from django.http import HttpRequest

from framelane.lib import clock

SEEN_KEY: Final = "console.seen"
"""In the session: when it was last prolonged, in seconds since 1970."""
PROLONGED_EVERY_S: Final = 24 * 3600
"""Writing the session with every request would serialise the requests of a page."""


def prolong(request: HttpRequest) -> None:
    """Let the session and its cookie last for another two weeks from now; at most once a day."""
    now_s = clock.now().timestamp()
    if now_s - request.session.get(SEEN_KEY, 0) >= PROLONGED_EVERY_S:
        request.session[SEEN_KEY] = now_s
