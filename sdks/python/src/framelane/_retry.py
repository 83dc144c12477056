"""Whether a request is sent again, and after how long."""

from __future__ import annotations

import math
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import httpx

from framelane._settings import Settings
from framelane._wire import Answer, Broken

FIRST_DELAY_S = 0.5
MAX_DELAY_S = 8.0
MAX_RETRY_AFTER_S = 60.0
"""A server that wants a longer pause than this is not waited for: its answer is raised."""

RETRIED = (429, 500, 502, 503, 504)
REFUSED_UNSEEN = (429,)
"""Statuses that say that nothing was done, so that even what must not happen twice can be sent again."""


def backoff_s(settings: Settings, failures: int) -> float:
    """A pause after the n-th failure in a row: anything up to 0.5 s, 1 s, 2 s, ... 8 s ("full jitter")."""
    return float(min(MAX_DELAY_S, FIRST_DELAY_S * 2 ** (failures - 1)) * settings.chance())


def retry_after_s(headers: httpx.Headers) -> float | None:
    """`Retry-After` in seconds, given as a number or a date (RFC 9110, 10.2.3); None without a sensible one."""
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        return _until(value)
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _until(date: str) -> float | None:
    try:
        then = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    then = then if then.tzinfo else then.replace(tzinfo=timezone.utc)
    return max(0.0, (then - datetime.now(timezone.utc)).total_seconds())


def delay_after_answer(settings: Settings, answer: Answer, failures: int, repeatable: bool) -> float | None:
    """How long to wait before the request is sent again; None when this answer is the one."""
    if failures > settings.max_retries or answer.status not in (RETRIED if repeatable else REFUSED_UNSEEN):
        return None
    wanted = retry_after_s(answer.headers)
    if wanted is None:
        return backoff_s(settings, failures)
    return None if wanted > MAX_RETRY_AFTER_S else wanted


def delay_after_break(settings: Settings, broken: Broken, failures: int, repeatable: bool) -> float | None:
    """As `delay_after_answer`, for a request that no answer came to."""
    if failures > settings.max_retries or (broken.sent and not repeatable):
        return None
    return backoff_s(settings, failures)
