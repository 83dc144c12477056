"""How mails put things into words."""

from datetime import UTC, datetime


def day(at: datetime) -> str:
    """A date for people, in UTC: `22 November 2026`."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B %Y}"


def moment(at: datetime) -> str:
    """A time for people: `22 November 2026, 10:24 UTC`."""
    return f"{day(at)}, {at.astimezone(UTC):%H:%M} UTC"
