"""How mails put things into words."""

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """A time for people: `22 November 2026, 10:24 UTC`."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"
