"""How mails put things into words."""

from datetime import UTC, datetime, timedelta, timezone

from apps.mail.texts import day, moment


def test_moments_are_for_people_and_in_utc() -> None:
    assert moment(datetime(2026, 11, 2, 9, 5, 59, tzinfo=UTC)) == "2 November 2026, 09:05 UTC"
    assert moment(datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))) == "31 December 2025, 22:30 UTC"


def test_days_are_for_people_and_in_utc() -> None:
    assert day(datetime(2026, 12, 1, tzinfo=UTC)) == "1 December 2026"
    assert day(datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))) == "31 December 2025"
