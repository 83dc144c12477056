"""How one comes to a key, as far as this installation offers it."""

from typing import Any

from django.conf import settings
from django.urls import Resolver404, resolve

from apps.capabilities.entries import entry

_NO_SIGNUP = "This installation has no sign-up; its operator creates workspaces."
_SIGNUP = (
    ("/v1/signup", {"workspace_name": "Ada's films", "email": "ada@example.com"}, "Keep api_key.key of the answer."),
    (
        "/v1/signup/verify",
        {"email": "ada@example.com", "otp_code": "482916"},
        "The code is in the mail; now the key works.",
    ),
    ("/v1/signup/resend", {"email": "ada@example.com"}, "Only if the mail did not come, or its code was used up."),
)


def ways_in() -> list[dict[str, Any]]:
    """Entries for the operator's command and for signing up."""
    return [
        entry(
            "create_workspace",
            supported=True,
            how="The operator runs: manage.py create_workspace --name NAME --email EMAIL --plan PLAN",
            base_url=settings.FRAMELANE_PUBLIC_URL,
        ),
        entry(
            "signup",
            _is_served("/v1/signup"),
            _NO_SIGNUP,
            path="/v1/signup",
            how="Sign up, verify the address with the code from the mail, then send the key as a bearer token.",
            steps=[{"method": "POST", "path": path, "body": body, "note": note} for path, body, note in _SIGNUP],
            base_url=settings.FRAMELANE_PUBLIC_URL,
        ),
    ]


def _is_served(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
