"""Mails of every kind, and the means to read what was sent."""

from typing import Any

import pytest

FACTS: dict[str, str] = {
    "code": "123456",
    "minutes": "10",
    "key_prefix": "fl_live_AbCd",
    "workspace_name": "Alice's films",
    "key_id": "key_01J8QR2K5VKDGN2T4FBM3CZYX9",
    "key_name": "Deploy",
    "created_at": "22 November 2026, 10:24 UTC",
    "webhook_id": "wh_01J8QR2K5VKDGN2T4FBM3CZYX7",
    "url": "https://alice.example.org/hook",
    "failing_since": "17 November 2026, 09:00 UTC",
    "used_minutes": "80",
    "limit_minutes": "100",
    "period_end": "1 December 2026",
    "read_only_from": "29 November 2026",
    "workspace_id": "ws_01J8QR2K5VKDGN2T4FBM3CZYX8",
    "erased_at": "22 November 2026, 10:24 UTC",
    "inviter": "ada@example.org",
    "address": "http://localhost:8000/console/invitations",
    "days": "7",
}


def context_for(fields: Any, **changed: str) -> dict[str, str]:
    """What a kind of mail needs to know."""
    return {name: changed.get(name, FACTS[name]) for name in fields}


@pytest.fixture(autouse=True)
def default_from(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Framelane <noreply@framelane.test>"
