"""Sources from the network, for a job that may be stopped at any time."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path

from framelane.lib.net import FetchFailed, download
from gpu_tasks.errors import JobFailed
from gpu_tasks.runners.child import Stopped

STOP_CHECK_S = 0.2
RETRY_PAUSES_S = (1.0, 3.0)

ShouldStop = Callable[[], bool]


def fetch_foreign(
    url: str, path: Path, max_bytes: int, timeout_s: float, *, allow: Sequence[str], should_stop: ShouldStop
) -> None:
    """Fetch `url` to `path`, again when the failure may pass. `allow`: networks that are reachable though private.

    Raises JobFailed, Stopped.
    """
    fetch = partial(_fetch_once, url, path, max_bytes, timeout_s, allow, should_stop)
    for pause_s in (*RETRY_PAUSES_S, None):
        try:
            _stoppable(fetch, should_stop)
            return
        except FetchFailed as failure:
            if pause_s is None or not failure.retryable:
                raise JobFailed(failure.code, failure.message) from failure
            _stoppable(partial(time.sleep, pause_s), should_stop)


def _fetch_once(
    url: str, path: Path, max_bytes: int, timeout_s: float, allow: Sequence[str], should_stop: ShouldStop
) -> None:
    def check(received: int, total: int | None) -> None:
        if should_stop():
            raise Stopped

    download(url, path, max_bytes, timeout_s, allow=allow, on_bytes=check)


def _stoppable(work: Callable[[], object], should_stop: ShouldStop) -> None:
    """Do `work` in a thread, and leave it to itself when the job is to stop: a silent server must not hold it up."""
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        future = pool.submit(work)
        while not future.done():
            if should_stop():
                raise Stopped
            wait([future], timeout=STOP_CHECK_S)
        future.result()
    finally:
        pool.shutdown(wait=False)
