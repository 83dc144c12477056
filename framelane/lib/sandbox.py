"""Runs a program that may misbehave: bounded in memory, time and output, and gone when its parent is gone.

The child lives in its own session without inherited descriptors and with no environment but the given one. The kernel
bounds its address space, CPU time, file size and open files; this side bounds resident memory and wall time, and ends
the whole process group. Not a defence against code that wants to break out: against files that make a decoder go wild.
"""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from framelane.lib import sandbox_entry
from framelane.lib.proc import members_of, oom_kills, resident_bytes

Reason = Literal["exited", "memory", "cpu", "wall", "file_size", "stopped", "signal"]

MAX_LINE_BYTES = 64 * 1024
MAX_TAIL_BYTES = 16 * 1024
POLL_S = 0.1
TERM_GRACE_S = 2.0
GROUP_SCAN_S = 1.0
# Thread stacks, allocator arenas and mapped libraries take addresses without ever becoming resident.
ADDRESS_HEADROOM_BYTES = 4 * 1024**3
_DRAIN_BYTES = 1024**2
_ALLOCATION_FAILURES = ("MemoryError", "bad_alloc", "Cannot allocate memory", "OutOfMemoryError")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use. `memory_bytes` counts resident memory of the child and its descendants together.

    `bounded_address_space` must be off for programs that reserve addresses by the hundred gigabytes (CUDA).
    """

    memory_bytes: int
    cpu_s: int
    wall_s: float
    file_size_bytes: int
    open_files: int = 256
    bounded_address_space: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the child ended. `exit_code` is set when it exited by itself, `signal_number` when a signal ended it.

    `reason` says which bound it met: `exited` (see `exit_code`), `memory`, `cpu`, `wall`, `file_size`, `stopped` (the
    caller asked) or `signal` (a crash, or somebody else's kill). `stderr_tail` holds the last 16 KiB of its stderr.
    `peak_memory_bytes` is the largest of about ten samples a second, 0 for a child that was quicker than that.
    """

    reason: Reason
    exit_code: int | None
    signal_number: int | None
    stderr_tail: str
    cpu_s: float
    wall_s: float
    peak_memory_bytes: int

    @property
    def ok(self) -> bool:
        return self.reason == "exited" and self.exit_code == 0


def minimal_environment(**extra: str) -> dict[str, str]:
    """The few variables that programs expect, plus `extra`; nothing of this process's own environment."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", **extra}


def run_bounded(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    limits: Limits,
    on_line: Callable[[str], None] = lambda line: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Run `argv` in `cwd` until it ends, meets a limit, or `should_stop()` (asked about ten times a second) says true.

    Each line of its stdout goes to `on_line`, cut at 64 KiB. When `on_line` or `should_stop` raises, the child is
    killed and the exception goes on. The thread that calls this must stay alive: the child dies with it.
    """
    child = _Child(argv, cwd, env, limits)
    try:
        child.watch(on_line, should_stop)
        return child.outcome()
    finally:
        child.destroy()


class _Lines:
    """Splits a byte stream into lines; what exceeds the longest allowed line is dropped."""

    def __init__(self, on_line: Callable[[str], None]) -> None:
        self._on_line = on_line
        self._pending = bytearray()

    def feed(self, data: bytes) -> None:
        *complete, rest = data.split(b"\n")
        for part in complete:
            self._keep(part)
            self.flush()
        self._keep(rest)

    def flush(self) -> None:
        if self._pending:
            line = self._pending.decode("utf-8", "replace")
            self._pending.clear()
            self._on_line(line)

    def _keep(self, part: bytes) -> None:
        self._pending += part[: MAX_LINE_BYTES - len(self._pending)]


class _Child:
    def __init__(self, argv: Sequence[str], cwd: Path, env: Mapping[str, str], limits: Limits) -> None:
        self._limits = limits
        self._started = time.monotonic()
        self._oom_kills_before = oom_kills()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", sandbox_entry.__file__, _plan(limits), *argv],
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            bufsize=0,
        )
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._stdout, self._stderr = self._process.stdout.fileno(), self._process.stderr.fileno()
        self._exited = os.pidfd_open(self._process.pid)
        self._tail = bytearray()
        self._verdict: Reason | None = None
        self._kill_at = float("inf")
        self._group = [self._process.pid]
        self._scan_at = self._started + GROUP_SCAN_S
        self._peak_bytes = 0
        self._cpu_s = 0.0

    def watch(self, on_line: Callable[[str], None], should_stop: Callable[[], bool]) -> None:
        lines = _Lines(on_line)
        with selectors.DefaultSelector() as selector:
            for descriptor in (self._stdout, self._stderr):
                os.set_blocking(descriptor, False)
                selector.register(descriptor, selectors.EVENT_READ)
            selector.register(self._exited, selectors.EVENT_READ)
            check_at = time.monotonic() + POLL_S
            while True:
                ready = {key.fd for key, _ in selector.select(max(0.0, check_at - time.monotonic()))}
                for descriptor in ready - {self._exited}:
                    if self._read(descriptor, lines) == 0:
                        selector.unregister(descriptor)
                if self._exited in ready:
                    break
                if time.monotonic() >= check_at:
                    self._check(should_stop)
                    check_at = time.monotonic() + POLL_S
        self._finish(lines)

    def _read(self, descriptor: int, lines: _Lines) -> int:
        """Take what lies in a pipe; 0 at its end, -1 when it is empty for now."""
        try:
            data = os.read(descriptor, MAX_LINE_BYTES)
        except BlockingIOError:
            return -1
        if descriptor == self._stdout:
            lines.feed(data)
        else:
            self._tail = (self._tail + data)[-MAX_TAIL_BYTES:]
        return len(data)

    def _check(self, should_stop: Callable[[], bool]) -> None:
        now = time.monotonic()
        if now >= self._kill_at:
            self._signal(signal.SIGKILL)
        elif self._verdict is None:
            if self._resident_bytes(now) > self._limits.memory_bytes:
                self._end("memory", signal.SIGKILL)
            elif now - self._started > self._limits.wall_s:
                self._end("wall", signal.SIGTERM)
            elif should_stop():
                self._end("stopped", signal.SIGTERM)

    def _end(self, verdict: Reason, number: signal.Signals) -> None:
        self._verdict = verdict
        self._kill_at = time.monotonic() + TERM_GRACE_S
        self._signal(number)

    def _signal(self, number: signal.Signals) -> None:
        # The leader is reaped last, so its number still names this group and no other.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def _resident_bytes(self, now: float) -> int:
        if now >= self._scan_at:
            self._group = members_of(self._process.pid)
            self._scan_at = now + GROUP_SCAN_S
        resident = sum(map(resident_bytes, self._group))
        self._peak_bytes = max(self._peak_bytes, resident)
        return resident

    def _finish(self, lines: _Lines) -> None:
        self._signal(signal.SIGKILL)
        for descriptor in (self._stdout, self._stderr):
            drained = 0
            while drained < _DRAIN_BYTES and (count := self._read(descriptor, lines)) > 0:
                drained += count
        lines.flush()
        self._reap()

    def _reap(self) -> None:
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self._cpu_s = usage.ru_utime + usage.ru_stime

    def outcome(self) -> Outcome:
        code = self._process.returncode
        tail = self._tail.decode("utf-8", "replace")
        return Outcome(
            reason=self._verdict or self._reason(code, tail),
            exit_code=code if code >= 0 else None,
            signal_number=-code if code < 0 else None,
            stderr_tail=tail,
            cpu_s=self._cpu_s,
            wall_s=time.monotonic() - self._started,
            peak_memory_bytes=self._peak_bytes,
        )

    def _reason(self, code: int, tail: str) -> Reason:
        if code == 0:
            return "exited"
        if code == -signal.SIGXCPU or (code == -signal.SIGKILL and self._cpu_s >= self._limits.cpu_s):
            return "cpu"
        if code == -signal.SIGXFSZ or "File too large" in tail:
            return "file_size"
        if any(words in tail for words in _ALLOCATION_FAILURES):
            return "memory"
        if code == -signal.SIGKILL and oom_kills() > self._oom_kills_before:
            return "memory"
        return "exited" if code > 0 else "signal"

    def destroy(self) -> None:
        """Kill what is left and free the descriptors. Does nothing to a child that has been reaped."""
        if self._process.returncode is None:
            self._signal(signal.SIGKILL)
            self._reap()
        os.close(self._exited)
        for pipe in (self._process.stdout, self._process.stderr):
            assert pipe is not None
            pipe.close()


def _plan(limits: Limits) -> str:
    bounds = {
        "CORE": 0,
        "CPU": limits.cpu_s,
        "FSIZE": limits.file_size_bytes,
        "NOFILE": limits.open_files,
    }
    if limits.bounded_address_space:
        bounds["AS"] = limits.memory_bytes + ADDRESS_HEADROOM_BYTES
    return json.dumps({"parent": os.getpid(), "limits": bounds})
