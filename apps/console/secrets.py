"""Secrets that a page shows once: they wait, sealed, in the session for the page that shows them, and no longer."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from apps.webhooks.sealing import CannotOpen, open_sealed, seal

MADE: Final = "console.secret"
"""In the session: what the form before this page made, for the page that follows."""
FIRST_KEY: Final = "console.first_key"
"""In the session: the first key of a new workspace, for its dashboard."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A secret and what it is, for the page that shows it."""

    title: str
    text: str
    note: str


def keep(request: HttpRequest, secret: Shown, place: str = MADE) -> None:
    """Remember it until it has been shown. Sessions lie in the database, so its text is sealed there."""
    request.session[place] = [secret.title, seal(secret.text), secret.note]


def take(request: HttpRequest, place: str = MADE) -> Shown | None:
    """The secret that waits there: only the first call gets it, and it exists nowhere afterwards. None without one."""
    waiting = request.session.pop(place, None)
    if waiting is None:
        return None
    title, sealed, note = waiting
    try:
        return Shown(title, open_sealed(sealed), note)
    except CannotOpen:
        return None
