"""Secrets that a page shows once: they wait in the session for the page after the form, and no longer."""

from dataclasses import dataclass

from django.http import HttpRequest

_KEY = "console.secret"


@dataclass(frozen=True, slots=True)
class Shown:
    """A secret and what it is, for the page that shows it."""

    title: str
    text: str
    note: str


def show_next(request: HttpRequest, secret: Shown) -> None:
    """Have the next page show it."""
    request.session[_KEY] = [secret.title, secret.text, secret.note]


def take(request: HttpRequest) -> Shown | None:
    """The secret that this page is to show, this once."""
    waiting = request.session.pop(_KEY, None)
    return Shown(*waiting) if waiting else None
