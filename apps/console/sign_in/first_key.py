"""The text of a workspace's first API key: from the page that made it to the dashboard, where it is shown once."""

from typing import Final

from django.http import HttpRequest

from apps.webhooks.sealing import CannotOpen, open_sealed, seal

KEY: Final = "console.first_key"
"""In the session: the key's text, sealed, because sessions lie in the database."""


def keep_new_key(request: HttpRequest, secret: str) -> None:
    """Remember the text until it has been shown."""
    request.session[KEY] = seal(secret)


def take_new_key(request: HttpRequest) -> str | None:
    """The text of the key that was made for this person just now, for the dashboard to show: only the first call gets
    it, and it exists nowhere afterwards. None for everybody else."""
    sealed = request.session.pop(KEY, None)
    try:
        return open_sealed(sealed) if sealed is not None else None
    except CannotOpen:
        return None
