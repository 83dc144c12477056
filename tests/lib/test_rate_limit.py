"""How many requests pass, by the arithmetic alone and on both back ends."""

import logging
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import pytest
import redis
from django.db import DatabaseError, connection
from hypothesis import given
from hypothesis import strategies as st

from framelane.api import rate_rows
from framelane.api.models import RateCount
from framelane.api.rate_rows import DatabaseLimiter
from framelane.lib import rate_limit_redis
from framelane.lib.rate_limit import Guard, Limit, Limiter, LimiterUnavailable, Verdict, Window
from framelane.lib.rate_limit_redis import RedisLimiter
from scripts import services
from tests.windows import not_at_a_windows_end

MINUTE_MS = 60_000
NOW_MS = 1_000 * MINUTE_MS

counts = st.integers(1, 6000)
windows = st.builds(Window, st.integers(0, 9000), st.integers(0, 9000), st.integers(0, MINUTE_MS - 1))


def after(window: Window, wait_ms: int) -> Window:
    """The same subject some time later, if nobody asked in between. Less than two windows later."""
    elapsed_ms = window.elapsed_ms + wait_ms
    if elapsed_ms < MINUTE_MS:
        return Window(window.hits, window.earlier, elapsed_ms)
    if elapsed_ms < 2 * MINUTE_MS:
        return Window(0, window.hits, elapsed_ms - MINUTE_MS)
    return Window(0, 0, elapsed_ms - 2 * MINUTE_MS)


@given(windows, counts)
def test_the_wait_is_exactly_as_long_as_it_must_be(window: Window, count: int) -> None:
    limit = Limit(count)
    wait_ms = window.wait_ms(limit)
    assert after(window, wait_ms).used(limit) < count
    assert wait_ms == 0 or after(window, wait_ms - 1).used(limit) >= count


@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=300), st.integers(1, 20))
def test_never_more_than_twice_the_limit_in_any_minute(pauses_ms: list[int], count: int) -> None:
    """The bound of the algorithm, reached by who sends all at a window's end; a steady sender gets the limit."""
    clock, passed, limit = 0, [], Limit(count)
    window = Window(0, 0, 0)
    for pause_ms in pauses_ms:
        clock += pause_ms
        window = after(window, pause_ms)
        if window.used(limit) < count:
            window = Window(window.hits + 1, window.earlier, window.elapsed_ms)
            passed.append(clock)
    minute: deque[int] = deque()
    for moment in passed:
        minute.append(moment)
        while minute[0] <= moment - MINUTE_MS:
            minute.popleft()
        assert len(minute) <= 2 * count


class Clock:
    """A time of day that stands still until it is moved."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rows(db: None, clock: Clock) -> DatabaseLimiter:
    return DatabaseLimiter(clock)


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if url := os.environ.get("REDIS_URL"):
        yield url
    else:
        folder = Path(tmp_path_factory.mktemp("redis")) / "data"
        with services.redis(folder) as port:
            yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that shares its machine with the tests may answer late, and is not away for that."""
    monkeypatch.setattr(rate_limit_redis, "TIMEOUT_S", 30.0)


@pytest.fixture(params=["database", pytest.param("redis", marks=pytest.mark.slow)])
def limiter(request: pytest.FixtureRequest, transactional_db: None) -> Limiter:
    if request.param == "database":
        return DatabaseLimiter()
    return RedisLimiter(request.getfixturevalue("redis_url"))


def new_subject() -> str:
    return f"workspace:{uuid4()}"


def times(limiter: Limiter, number: int, limit: Limit, subject: str) -> list[Verdict]:
    return [limiter.hit(subject, limit) for _ in range(number)]


def test_the_limit_passes_and_the_next_does_not(limiter: Limiter) -> None:
    not_at_a_windows_end()
    verdicts = times(limiter, 7, Limit(5), new_subject())
    assert [verdict.allowed for verdict in verdicts] == [True] * 5 + [False] * 2
    assert [verdict.remaining for verdict in verdicts] == [4, 3, 2, 1, 0, 0, 0]
    assert {verdict.limit for verdict in verdicts} == {5}
    assert all(1 <= verdict.reset_s <= 61 for verdict in verdicts)
    assert verdicts[-1].retry_after_s == verdicts[-1].reset_s
    assert "Retry-After" not in verdicts[0].headers()
    assert int(verdicts[-1].headers()["Retry-After"]) >= 1


def test_subjects_do_not_share(limiter: Limiter) -> None:
    not_at_a_windows_end()
    alice, bob = new_subject(), new_subject()
    times(limiter, 3, Limit(3), alice)
    assert not limiter.hit(alice, Limit(3)).allowed
    assert limiter.hit(bob, Limit(3)).allowed


def test_threads_at_once_get_exactly_the_limit(limiter: Limiter) -> None:
    not_at_a_windows_end(needed_s=15)
    subject, limit, together = new_subject(), Limit(20), Barrier(12)

    def ask(_: int) -> int:
        together.wait(timeout=120)
        try:
            return sum(verdict.allowed for verdict in times(limiter, 5, limit, subject))
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(ask, range(12))) == 20


def test_another_limit_counts_the_same_requests(limiter: Limiter) -> None:
    """An upgrade takes effect at once, and does not start from nothing."""
    not_at_a_windows_end()
    subject = new_subject()
    times(limiter, 3, Limit(3), subject)
    assert limiter.hit(subject, Limit(10)).remaining == 6
    assert not limiter.hit(subject, Limit(3)).allowed


def test_the_earlier_window_fades(rows: DatabaseLimiter, clock: Clock) -> None:
    subject, limit = new_subject(), Limit(60)
    clock.now_ms += 59_000
    assert sum(verdict.allowed for verdict in times(rows, 100, limit, subject)) == 60
    clock.now_ms += 16_000
    # A quarter of the new window has passed: three quarters of 60 still count.
    assert sum(verdict.allowed for verdict in times(rows, 100, limit, subject)) == 15
    clock.now_ms += 30_000
    assert sum(verdict.allowed for verdict in times(rows, 100, limit, subject)) == 30
    clock.now_ms += 2 * MINUTE_MS
    assert rows.hit(subject, limit).remaining == 59


def test_what_a_refusal_promises_is_kept(rows: DatabaseLimiter, clock: Clock) -> None:
    subject, limit = new_subject(), Limit(7)
    for _ in range(20):
        verdicts = times(rows, 9, limit, subject)
        assert not verdicts[-1].allowed
        clock.now_ms += verdicts[-1].retry_after_s * 1000
        assert rows.hit(subject, limit).allowed


def test_a_refused_request_changes_nothing(rows: DatabaseLimiter) -> None:
    subject, limit = new_subject(), Limit(2)
    times(rows, 2, limit, subject)
    before = RateCount.objects.values().get(subject=subject)
    times(rows, 10, limit, subject)
    assert RateCount.objects.values().get(subject=subject) == before


def test_a_host_whose_clock_is_behind_does_not_open_an_old_window_again(rows: DatabaseLimiter, clock: Clock) -> None:
    subject, limit = new_subject(), Limit(4)
    times(rows, 3, limit, subject)
    clock.now_ms -= 100
    assert [verdict.allowed for verdict in times(rows, 3, limit, subject)] == [True, False, False]


def test_old_rows_are_forgotten(rows: DatabaseLimiter, clock: Clock) -> None:
    rows.hit(new_subject(), Limit(1))
    clock.now_ms = int(time.time() * 1000)
    recent = new_subject()
    rows.hit(recent, Limit(1))
    assert rate_rows.purge(600) == 1
    assert list(RateCount.objects.values_list("subject", flat=True)) == [recent]


@pytest.mark.slow
def test_redis_decides_as_the_arithmetic_does(redis_url: str) -> None:
    """Every mixture of a current and an earlier window, put there beforehand."""
    limit, store, limiter = Limit(50), redis.Redis.from_url(redis_url), RedisLimiter(redis_url)
    for hits in range(0, 61, 10):
        for earlier in range(0, 121, 15):
            subject = new_subject()
            began_ms = int(time.time() * 1000) // MINUTE_MS * MINUTE_MS
            store.hset(f"rate:{subject}", mapping={"began": began_ms, "hits": hits, "earlier": earlier})
            before_ms = int(time.time() * 1000) - began_ms
            verdict = limiter.hit(subject, limit)
            after_ms = int(time.time() * 1000) - began_ms
            possible = {Window(hits, earlier, ms).used(limit) < 50 for ms in (before_ms, after_ms) if ms < MINUTE_MS}
            assert verdict.allowed in possible or after_ms >= MINUTE_MS


@pytest.mark.slow
def test_redis_forgets_what_is_over(redis_url: str) -> None:
    # A window of a second could be over before it is looked at.
    limit, subject, store = Limit(2, period_s=3), new_subject(), redis.Redis.from_url(redis_url)
    limiter = RedisLimiter(redis_url)
    while limiter.hit(subject, limit).allowed:
        pass
    assert 0 < store.pttl(f"rate:{subject}") <= 6000
    time.sleep(6.1)
    assert limiter.hit(subject, limit).remaining == 1


def test_redis_that_is_away_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [0.0]
    limiter = RedisLimiter("redis://127.0.0.1:1/0", clock=lambda: now_s[0])
    with pytest.raises(LimiterUnavailable, match="Redis"):
        limiter.hit("a", Limit(1))
    with pytest.raises(LimiterUnavailable, match="a moment ago"):
        limiter.hit("a", Limit(1))
    now_s[0] = rate_limit_redis.PAUSE_S + 0.1
    with pytest.raises(LimiterUnavailable, match="refused"):
        limiter.hit("a", Limit(1))


def test_a_database_that_is_away_is_said_so(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise DatabaseError("no route to host")

    monkeypatch.setattr(rate_rows, "_count", broken)
    with pytest.raises(LimiterUnavailable, match="no route to host"):
        DatabaseLimiter().hit("a", Limit(1))


class Scripted:
    """Answers with what `act` returns, and counts how often it was asked."""

    def __init__(self, act: Callable[[], Verdict]) -> None:
        self.act = act
        self.asked = 0

    def hit(self, subject: str, limit: Limit) -> Verdict:
        self.asked += 1
        return self.act()


def away() -> Verdict:
    raise LimiterUnavailable("gone")


def test_everybody_passes_while_the_back_end_is_away(caplog: pytest.LogCaptureFixture) -> None:
    now_s = [0.0]
    guard = Guard(Scripted(away), clock=lambda: now_s[0])
    with caplog.at_level(logging.ERROR):
        verdicts = [guard.hit("a", Limit(3)) for _ in range(5)]
        now_s[0] = 59.0
        guard.hit("a", Limit(3))
        assert len(caplog.records) == 1
        now_s[0] = 60.0
        guard.hit("b", Limit(3))
    assert len(caplog.records) == 2
    assert "gone" in caplog.text
    assert all(verdict.allowed and verdict.remaining == 3 for verdict in verdicts)


def test_a_refusal_is_remembered_until_it_ends() -> None:
    now_s = [0.0]
    back_end = Scripted(lambda: Verdict(False, 3, 0, 8, 8))
    guard = Guard(back_end, clock=lambda: now_s[0])
    assert guard.refusal("a", Limit(3)) is None
    guard.hit("a", Limit(3))
    now_s[0] = 2.5
    assert guard.hit("a", Limit(3)).retry_after_s == 6
    assert guard.refusal("a", Limit(3)) is not None
    assert back_end.asked == 1
    guard.hit("a", Limit(4))
    guard.hit("b", Limit(3))
    assert back_end.asked == 3
    now_s[0] = 8.0
    guard.hit("a", Limit(3))
    assert back_end.asked == 4


def test_the_memory_of_refusals_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framelane.lib.rate_limit.REMEMBERED_SUBJECTS", 10)
    now_s = [0.0]
    guard = Guard(Scripted(lambda: Verdict(False, 3, 0, 8, 8)), clock=lambda: now_s[0])
    for number in range(50):
        assert not guard.hit(str(number), Limit(3)).allowed
    assert len(guard._refused) == 10
    now_s[0] = 9.0
    guard.hit("new", Limit(3))
    assert set(guard._refused) == {("new", Limit(3))}
