"""How mails put things into words."""

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """A time for people: `22 November 2026, 10:24 UTC`."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def day(at: datetime) -> str:
    """A day for people, in UTC: `22 November 2026`."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B %Y}"
