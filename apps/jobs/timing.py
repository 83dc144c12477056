"""When things are due in the life of a job."""

from datetime import datetime, timedelta

from django.conf import settings

from framelane.lib import clock
from framelane.lib.pauses import growing_pause_s

LONGEST_HINT_PAUSE_S = 600.0
RETRY_PAUSE_S = 5.0


def lease_end() -> datetime:
    """Until when a worker that has just been heard of keeps its job."""
    return clock.now() + timedelta(seconds=settings.FRAMELANE_JOB_LEASE_S)


def deadline() -> datetime:
    """When a job that is submitted now must have ended."""
    return clock.now() + timedelta(seconds=settings.FRAMELANE_JOB_DEADLINE_S)


def next_hint(hints_sent: int) -> datetime:
    """When to hint again at a job that is still queued: soon at first, then ever more rarely.

    A full queue is the usual reason that nobody came, and more messages would not shorten it.
    """
    pause_s = growing_pause_s(hints_sent, first_s=settings.FRAMELANE_JOB_SWEEP_S, longest_s=LONGEST_HINT_PAUSE_S)
    return clock.now() + timedelta(seconds=pause_s)


def next_look() -> datetime:
    """When to look again at a queued job that waits for an upload or for another job."""
    return clock.now() + timedelta(seconds=2 * settings.FRAMELANE_JOB_SWEEP_S)


def retry(spent_attempts: int) -> datetime:
    """When a job whose attempt failed on our side may be tried again."""
    return clock.now() + timedelta(seconds=RETRY_PAUSE_S * spent_attempts)


def output_expiry() -> datetime:
    """Until when an output that is stored now is kept."""
    return clock.now() + timedelta(days=settings.FRAMELANE_OUTPUT_RETENTION_DAYS)
