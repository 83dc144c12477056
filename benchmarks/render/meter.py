"""Runs a command and says what its whole process tree used: CPU seconds, wall time, peak memory."""

import ctypes
import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
SAMPLE_INTERVAL_S = 0.05
PAGE_BYTES = resource.getpagesize()


@dataclass(frozen=True, slots=True)
class Usage:
    """What one run took. `cpu_s` is user + system time of every process of the tree; memory is resident, summed."""

    status: int
    cpu_s: float
    wall_s: float
    peak_bytes: int
    output: str


def measure(
    command: Sequence[str | Path], *, folder: Path, env: Mapping[str, str] | None = None, timeout_s: float = 900
) -> Usage:
    """Run `command` in `folder` and wait for it and for every process it left behind.

    The calling process adopts orphans (prctl PR_SET_CHILD_SUBREAPER), so a daemonised grandchild is counted too; it
    must have no other children of its own meanwhile. `output` is stdout and stderr together. At `timeout_s` the tree
    is killed, which shows as a negative status.
    """
    _adopt_orphans()
    began = time.monotonic()
    log = folder / "last-run.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    killer = threading.Timer(timeout_s, _kill_group, [process.pid])
    killer.start()
    try:
        with _MemorySampler() as sampler:
            _, wait_status, usage = os.wait4(process.pid, 0)
            wall_s = time.monotonic() - began
            cpu_s = usage.ru_utime + usage.ru_stime + _reap_orphans()
    except KeyboardInterrupt:
        _kill_group(process.pid)
        raise
    finally:
        killer.cancel()
    process.returncode = os.waitstatus_to_exitcode(wait_status)
    # Not ru_maxrss: a child inherits its parent's, and ours has held pictures.
    return Usage(process.returncode, cpu_s, wall_s, sampler.peak_bytes, log.read_text("utf-8", "replace"))


def _adopt_orphans() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER) failed")


def _reap_orphans() -> float:
    """CPU seconds of every process that outlived its parent; waits for them."""
    cpu_s = 0.0
    while True:
        try:
            _, _, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return cpu_s
        cpu_s += usage.ru_utime + usage.ru_stime


def _kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def descendants(pid: int) -> list[int]:
    """Process ids below `pid`, as far as they can be seen at this moment."""
    children: dict[int, list[int]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        children.setdefault(_parent(name), []).append(int(name))
    found, pending = [], [pid]
    while pending:
        below = children.get(pending.pop(), [])
        found += below
        pending += below
    return found


def _parent(pid: str) -> int:
    """Parent of a process, 0 when it is gone. The name in /proc/*/stat may hold blanks and brackets: look behind it."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0


def _resident_bytes(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0  # it ended while we looked


class _MemorySampler:
    """Remembers the largest sum of resident memory below this process while it is entered."""

    def __init__(self) -> None:
        self.peak_bytes = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "_MemorySampler":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        own = os.getpid()
        while not self._stop.wait(SAMPLE_INTERVAL_S):
            self.peak_bytes = max(self.peak_bytes, sum(map(_resident_bytes, descendants(own))))
