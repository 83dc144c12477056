"""How many requests a subject may make in a minute: the arithmetic, and what every back end has in common.

The algorithm is the sliding window counter of Cloudflare ("How we built rate limiting capable of scaling to millions of
domains", 2017; there 0.003 % of 400 million requests were judged otherwise than by a full log). Time is cut into
windows. Two numbers are kept for a subject, the hits of this window and those of the one before, and the latter count
by the share of their window that still lies within the last `period_s` seconds. Refused requests count for nothing.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

log = logging.getLogger(__name__)

LOG_PAUSE_S = 60.0
REMEMBERED_SUBJECTS = 10_000


class LimiterUnavailable(Exception):
    """The back end cannot be asked right now."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`count` requests (at least 1) in any `period_s` seconds, as near as the algorithm comes."""

    count: int
    period_s: int = 60

    @property
    def period_ms(self) -> int:
        return self.period_s * 1000


@dataclass(frozen=True, slots=True)
class Verdict:
    """May this request pass, and what a client is to know: the three `RateLimit` headers of
    draft-ietf-httpapi-ratelimit-headers-06, and `Retry-After` of RFC 9110 (0 for what may pass)."""

    allowed: bool
    limit: int
    remaining: int
    reset_s: int
    retry_after_s: int = 0

    def headers(self) -> dict[str, str]:
        shown = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_s),
        }
        return shown if self.allowed else {**shown, "Retry-After": str(self.retry_after_s)}


@dataclass(frozen=True, slots=True)
class Window:
    """What is known of a subject: `hits` of this window, of which `elapsed_ms` have passed, and `earlier` ones."""

    hits: int
    earlier: int
    elapsed_ms: int

    def used(self, limit: Limit) -> int:
        """How many requests count against the limit at this moment."""
        return self.hits + self.earlier * (limit.period_ms - self.elapsed_ms) // limit.period_ms

    def verdict(self, limit: Limit, *, allowed: bool) -> Verdict:
        """The answer to a request that is among `hits` when it was allowed."""
        left_ms = limit.period_ms - self.elapsed_ms
        if allowed:
            remaining = max(0, limit.count - self.used(limit))
            return Verdict(True, limit.count, remaining, _whole_seconds(left_ms))
        wait_s = _whole_seconds(self.wait_ms(limit))
        return Verdict(False, limit.count, 0, wait_s, wait_s)

    def wait_ms(self, limit: Limit) -> int:
        """In how many milliseconds the next request passes, if none does before."""
        if self.hits < limit.count:
            return max(0, _fade_ms(self.earlier, limit.count - self.hits, limit.period_ms) - self.elapsed_ms)
        left_ms = limit.period_ms - self.elapsed_ms
        return left_ms + _fade_ms(self.hits, limit.count, limit.period_ms)


def _fade_ms(earlier: int, free: int, period_ms: int) -> int:
    """How far into a window the hits of the one before count for less than `free`."""
    return 0 if earlier < free else period_ms - (free * period_ms - 1) // earlier


def _whole_seconds(duration_ms: int) -> int:
    return max(1, -(-duration_ms // 1000))


def untouched(limit: Limit) -> Verdict:
    """The verdict on what is not counted."""
    return Verdict(True, limit.count, limit.count, limit.period_s)


class Limiter(Protocol):
    """Counts. Correct however many processes ask at once."""

    def hit(self, subject: str, limit: Limit) -> Verdict:
        """Count a request of `subject` unless that is one too many. Raises LimiterUnavailable."""
        ...


class Guard:
    """A limiter that costs nothing once it has refused, and lets everybody pass while its back end is away.

    A refusal holds until its `Retry-After` whatever happens elsewhere, so this process needs to ask nobody before.
    """

    def __init__(self, limiter: Limiter, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limiter = limiter
        self._clock = clock
        self._lock = Lock()
        self._refused: dict[tuple[str, Limit], float] = {}
        self._next_log_s = float("-inf")

    def hit(self, subject: str, limit: Limit) -> Verdict:
        """Never raises for a back end that is away."""
        if (refusal := self.refusal(subject, limit)) is not None:
            return refusal
        try:
            verdict = self._limiter.hit(subject, limit)
        except LimiterUnavailable as error:
            self._complain(error)
            return untouched(limit)
        if not verdict.allowed:
            self._remember(subject, limit, verdict.retry_after_s)
        return verdict

    def refusal(self, subject: str, limit: Limit) -> Verdict | None:
        """The refusal that still holds, as far as this process knows. Counts nothing."""
        left_s = self._refused.get((subject, limit), float("-inf")) - self._clock()
        if left_s <= 0:
            return None
        wait_s = _whole_seconds(int(left_s * 1000))
        return Verdict(False, limit.count, 0, wait_s, wait_s)

    def _remember(self, subject: str, limit: Limit, wait_s: int) -> None:
        now_s = self._clock()
        with self._lock:
            if len(self._refused) >= REMEMBERED_SUBJECTS:
                self._refused = {key: until_s for key, until_s in self._refused.items() if until_s > now_s}
            if len(self._refused) < REMEMBERED_SUBJECTS:
                self._refused[(subject, limit)] = now_s + wait_s

    def _complain(self, error: LimiterUnavailable) -> None:
        with self._lock:
            is_due = self._clock() >= self._next_log_s
            if is_due:
                self._next_log_s = self._clock() + LOG_PAUSE_S
        if is_due:
            log.error("rate limits are not enforced: %s", error)
