"""Processes that are killed by a test."""

import os
import signal
from collections.abc import Iterable
from contextlib import suppress


def kill_all(pids: Iterable[int]) -> None:
    """SIGKILL to each; one that has ended meanwhile, or went with another, is left out."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
