"""When a delivery is tried again, and when it is given up."""

import random
from datetime import datetime, timedelta
from typing import Final

from framelane.lib import clock

RETRY_DELAYS_S: Final = (5, 30, 120, 600, 3600, 3 * 3600, 8 * 3600, 24 * 3600)
"""The wait after the first, second, ... failure; after the one that follows the last, the delivery is dead."""

JITTER: Final = 0.2
"""Share by which a wait may be shorter or longer: receivers that failed together are not called together again."""

MAX_ATTEMPTS: Final = len(RETRY_DELAYS_S) + 1
PROGRESS_MAX_ATTEMPTS: Final = 2
TEST_MAX_ATTEMPTS: Final = 1

ORDERED_ATTEMPTS: Final = 4
"""A job's later events wait for this many tries at an earlier one, the last of which comes after two minutes."""

LEASE_S: Final = 30
"""How long a sender keeps an attempt. Longer than a call can take, so that nobody sends what is being sent."""

MAX_CLAIMS: Final = 3
"""An attempt whose sender was lost this often counts as failed."""

PROGRESS_INTERVAL_S: Final = 5
PROGRESS_STEP_PERCENT: Final = 10

FAILING_FOR: Final = timedelta(days=5)
MIN_FAILURES: Final = 5
"""One hiccup, a quiet week and another hiccup are no reason to give an endpoint up."""

RETENTION: Final = timedelta(days=30)
SECRET_OVERLAP: Final = timedelta(hours=24)


def retry_at(failed_attempt: int) -> datetime:
    """When to try again after the attempt of that number, from 1."""
    delay_s = RETRY_DELAYS_S[failed_attempt - 1] * random.uniform(1 - JITTER, 1 + JITTER)
    return clock.now() + timedelta(seconds=delay_s)


def lease_end() -> datetime:
    return clock.now() + timedelta(seconds=LEASE_S)
