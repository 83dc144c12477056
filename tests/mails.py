"""Mails as people read them who sign up or in."""

import re
from typing import Any

from django.core import mail as outbox

from apps.mail.services import send_due

EMAIL = "ada@example.org"


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
