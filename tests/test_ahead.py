"""Work ahead comes in order, waits when it is too far ahead, and ends cleanly."""

import threading
import time
from collections.abc import Iterator

import pytest

from gpu_tasks.ahead import Ahead


def counting(counted: list[int], stop: int = 1_000_000) -> Iterator[int]:
    for number in range(stop):
        counted.append(number)
        yield number


def test_items_come_in_order_and_end() -> None:
    ahead = Ahead("test", lambda: iter(range(20)), depth=3)
    assert list(ahead) == list(range(20))
    assert list(ahead) == []


def test_it_computes_only_a_few_items_ahead() -> None:
    counted: list[int] = []
    ahead = Ahead("test", lambda: counting(counted), depth=3)
    next(ahead)
    time.sleep(0.2)
    assert len(counted) <= 6
    ahead.stop()


def test_an_error_is_raised_after_the_items_before_it() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    ahead = Ahead("test", failing, depth=3)
    assert next(ahead) == 1
    with pytest.raises(ValueError, match="broken"):
        next(ahead)


def test_stop_ends_a_thread_that_waits_for_room() -> None:
    ahead = Ahead("waiting", lambda: counting([]), depth=2)
    next(ahead)
    ahead.stop()
    assert "waiting" not in {thread.name for thread in threading.enumerate()}
