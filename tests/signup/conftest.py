"""Signing up by the API, and reading the mail that comes of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from rest_framework.test import APIClient

from apps.mail.services import send_due
from framelane.lib import clock
from tests.people import client_with

EMAIL = "ada@example.org"


def sign_up(email: str = EMAIL, name: str = "Ada's films", client: APIClient | None = None) -> Any:
    body = {"workspace_name": name, "email": email}
    return (client or client_with(None)).post("/v1/signup", body, format="json")


def verify(code: str, email: str = EMAIL) -> Any:
    return client_with(None).post("/v1/signup/verify", {"email": email, "otp_code": code}, format="json")


def resend(email: str = EMAIL) -> Any:
    return client_with(None).post("/v1/signup/resend", {"email": email}, format="json")


def mails_to(email: str = EMAIL) -> list[Any]:
    """What has been sent to an address, the oldest first, after sending what waits."""
    send_due()
    return [message for message in outbox.outbox if message.to == [email]]


def code_in(message: Any) -> str:
    found = re.search(r"(?m)^ +([0-9]{6})$", message.body)
    assert found is not None, message.body
    return found[1]


def last_code(email: str = EMAIL) -> str:
    return code_in(mails_to(email)[-1])


def other_than(code: str) -> str:
    """A code that is wrong."""
    return f"{(int(code) + 1) % 1_000_000:06}"


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
