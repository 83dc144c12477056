"""Child processes that never outlive their parent: start, stop, free ports."""

import contextlib
import ctypes
import errno
import os
import pwd
import random
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
_PR_SET_PDEATHSIG = 1
FREE_PORTS = range(20_000, 32_000)
_libc = ctypes.CDLL(None, use_errno=True)

Child = subprocess.Popen[bytes]


def spawn(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    user: str | None = None,
    parent_death_signal: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start a child in a session of its own, so that Ctrl-C reaches only us and we decide how it ends.

    `output` takes stdout and stderr together. The kernel sends `parent_death_signal` when this process dies, however
    it dies. Call from the main thread only: the signal is bound to the thread that starts the child.
    """
    return subprocess.Popen(
        command,
        env=env,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        preexec_fn=_die_with_parent(parent_death_signal, os.getpid()),
        **(identity_of(user) if user else {}),
    )


def identity_of(user: str) -> dict[str, Any]:
    """Arguments that make `subprocess` run a command as that user, without our own groups."""
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def _die_with_parent(death_signal: signal.Signals, parent: int) -> Callable[[], None]:
    def prepare() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def stop(child: Child, *, with_signal: signal.Signals = signal.SIGTERM, grace_s: float = 10) -> None:
    """Ask a child to end, wait `grace_s`, then kill whatever is left of its process group."""
    if child.poll() is None:
        child.send_signal(with_signal)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(grace_s)
    kill_group(child)
    child.wait()


def kill_group(child: Child) -> None:
    """SIGKILL to the group that the child leads; silent when nobody is left in it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def free_port() -> int:
    """A TCP port on the loopback address that nobody listens on now.

    It lies below those that connections are given (on Linux from 32768), so that nobody comes by it before whoever
    asked for it listens. Raises OSError when a hundred are taken.
    """
    for port in random.sample(FREE_PORTS, 100):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError(errno.EADDRINUSE, f"a hundred ports of {FREE_PORTS} are taken")


def is_listening(host: str, port: int, timeout_s: float = 0.2) -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=timeout_s):
            return True
    except OSError:
        return False


def end_on_signals() -> None:
    """Turn SIGTERM into SystemExit, so that `finally` blocks and context managers run; hear SIGINT in any case.

    Shells start background commands with SIGINT ignored, and Python then leaves it so: Ctrl-C, or whoever sends its
    signal, would find nobody.
    """

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, signal.default_int_handler)
