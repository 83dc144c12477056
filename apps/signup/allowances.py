"""How often an hour something may be done, exactly: a row per subject, taken from under its lock.

This bounds what signing up costs others, mail to an address above all. Requests as such are limited elsewhere.
"""

import math
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from apps.signup.models import Allowance
from framelane.api.errors import ApiError
from framelane.lib import clock
from framelane.lib.signing import Signer

PERIOD_S: Final = 3600


@transaction.atomic
def take(purpose: str, subject: str, count: int) -> None:
    """Use one of the `count` times (at least 1) that `subject` has for `purpose` in any hour. Raises ApiError 429."""
    now = clock.now()
    row, _ = Allowance.objects.select_for_update().get_or_create(subject=_hashed(purpose, subject))
    recent = [time for time in row.times if time > now.timestamp() - PERIOD_S]
    if len(recent) >= count:
        raise _refused(purpose, count, free_at=recent[-count] + PERIOD_S, now=now)
    row.times, row.last_at = [*recent, now.timestamp()], now
    row.save(update_fields=["times", "last_at"])


def _refused(purpose: str, count: int, *, free_at: float, now: datetime) -> ApiError:
    wait_s = max(1, math.ceil(free_at - now.timestamp()))
    message = f"Only {count} {purpose} an hour are possible here. Try again in {wait_s} seconds."
    details = {"limit": count, "retry_after_s": wait_s}
    return ApiError(429, "rate_limited", message, details, headers={"Retry-After": str(wait_s)})


def _hashed(purpose: str, subject: str) -> str:
    return Signer.for_purpose("signup.allowance", settings.SECRET_KEY).signature(purpose, subject)


def forget_old() -> int:
    """Delete what says nothing about the last hour; returns how many rows."""
    return Allowance.objects.filter(last_at__lt=clock.now() - timedelta(seconds=PERIOD_S)).delete()[0]
