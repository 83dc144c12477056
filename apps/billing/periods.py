"""Stretches of time that usage is summed over, in UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` (inclusive) to `end` (exclusive)."""

    start: datetime
    end: datetime


def month_of(now: datetime) -> Period:
    """The calendar month of a moment: what a plan includes is for one, and is not carried over."""
    start = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    year, month = divmod(start.year * 12 + start.month, 12)
    return Period(start, start.replace(year=year, month=month + 1))


def month_before(month: Period) -> Period:
    """The calendar month that ends where `month` begins."""
    return month_of(month.start - timedelta(days=1))
