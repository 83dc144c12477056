"""Signing up by the API, and reading the mail that comes of it."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from framelane.lib import clock
from tests.mails import EMAIL
from tests.people import client_with


def sign_up(email: str = EMAIL, name: str = "Ada's films", client: APIClient | None = None) -> Any:
    body = {"workspace_name": name, "email": email}
    return (client or client_with(None)).post("/v1/signup", body, format="json")


def verify(code: str, email: str = EMAIL) -> Any:
    return client_with(None).post("/v1/signup/verify", {"email": email, "otp_code": code}, format="json")


def resend(email: str = EMAIL) -> Any:
    return client_with(None).post("/v1/signup/resend", {"email": email}, format="json")


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Moves the clock on."""
    now, passed = clock.now, timedelta()

    def move(by: timedelta) -> None:
        nonlocal passed
        passed += by
        monkeypatch.setattr(clock, "now", lambda: now() + passed)

    return move


@pytest.fixture(autouse=True)
def roomy(settings: Any) -> None:
    """The limits of requests as such are tested elsewhere."""
    settings.FRAMELANE_RATE_LIMIT_SIGNUP = settings.FRAMELANE_RATE_LIMIT_PUBLIC = 100_000
