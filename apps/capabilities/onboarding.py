"""How one comes to a key, as far as this installation offers it."""

from typing import Any

from django.conf import settings
from django.urls import Resolver404, resolve

from apps.capabilities.entries import entry

_NO_SIGNUP = "This installation has no sign-up; its operator creates workspaces."


def ways_in() -> list[dict[str, Any]]:
    """Entries for the operator's command and for signing up."""
    return [
        entry(
            "create_workspace",
            supported=True,
            how="The operator runs: manage.py create_workspace --name NAME --email EMAIL --plan PLAN",
            base_url=settings.FRAMELANE_PUBLIC_URL,
        ),
        entry("signup", _is_served("/v1/signup"), _NO_SIGNUP, path="/v1/signup"),
    ]


def _is_served(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
