"""A process makes each network once, and keeps what it has memory for."""

import threading
import time

import pytest
from torch import nn

from gpu_tasks.models.cache import ModelCache, module_bytes


def sized(max_bytes: int) -> ModelCache[bytes]:
    return ModelCache(max_bytes, len)


def test_one_key_is_made_once() -> None:
    cache, made = sized(100), []
    for _ in range(3):
        assert cache.get("a", lambda: made.append(1) or b"xx") == b"xx"  # type: ignore[func-returns-value]
    assert made == [1]


def test_keys_are_kept_apart() -> None:
    cache = sized(100)
    assert cache.get(("a", "cpu"), lambda: b"1") == b"1"
    assert cache.get(("a", "cuda"), lambda: b"2") == b"2"
    assert cache.get(("a", "cpu"), lambda: b"3") == b"1"


def test_what_was_used_longest_ago_is_forgotten() -> None:
    cache = sized(10)
    for key in "ab":
        cache.get(key, lambda: bytes(5))
    cache.get("a", lambda: b"never")
    cache.get("c", lambda: bytes(5))
    assert cache.size_bytes == 10
    assert cache.get("a", lambda: b"anew") == bytes(5)
    assert cache.get("b", lambda: b"anew") == b"anew"


def test_what_is_larger_than_the_cache_is_given_and_not_kept() -> None:
    cache = sized(10)
    assert cache.get("large", lambda: bytes(11)) == bytes(11)
    assert cache.size_bytes == 0


def test_a_failure_is_not_kept() -> None:
    cache = sized(10)
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: bytes(1 // 0))
    assert cache.get("a", lambda: b"x") == b"x"


def test_clearing_forgets_everything() -> None:
    cache = sized(10)
    cache.get("a", lambda: b"old")
    cache.clear()
    assert cache.get("a", lambda: b"new") == b"new"


def test_threads_share_one() -> None:
    cache: ModelCache[object] = ModelCache(10, lambda _made: 1)
    found: list[object] = []

    def slow() -> object:
        time.sleep(0.02)
        return object()

    threads = [threading.Thread(target=lambda: found.append(cache.get("a", slow))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({id(one) for one in found}) == 1


def test_a_module_takes_what_its_numbers_take() -> None:
    module = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)).half()
    # 3·4·9 + 4 weights, 2·4 of the norm and its 2·4 statistics in half precision; one counter of 8 bytes.
    assert module_bytes(module) == 2 * (108 + 4 + 8 + 8) + 8
