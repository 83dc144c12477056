"""The minutes in which requests are counted and the months in which films are, by the machine's own clock."""

import time

from apps.billing.periods import month_of
from framelane.lib import clock


def not_at_a_windows_end(needed_s: float = 5) -> None:
    """Wait, where less than that is left of the minute: of what comes before its end and after it, each counts anew."""
    if (left_s := 60 - time.time() % 60) < needed_s:
        time.sleep(left_s + 0.1)


def not_at_a_months_end(needed_s: float = 60) -> None:
    """Wait, where less than that is left of the month: what was used before its end counts no more after it."""
    now = clock.now()
    if (left_s := (month_of(now).end - now).total_seconds()) < needed_s:
        time.sleep(left_s + 0.1)
