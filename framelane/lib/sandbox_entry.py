"""What the child of `framelane.lib.sandbox` runs first: it fences itself in, then becomes the wanted program.

A small program of its own instead of a `preexec_fn`: running Python between fork and exec is unsafe in a process that
has threads. Usage: `python -I -S sandbox_entry.py '{"parent": pid, "limits": {"AS": bytes, ...}}' program argument...`
"""

import ctypes
import json
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PARENT_GONE = 125
_CANNOT_EXECUTE = 127


def die_with(parent_pid: int) -> None:
    """Ask the kernel to kill this process as soon as its parent is gone, however the parent went."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent_pid:
        os._exit(_PARENT_GONE)


def apply_limit(name: str, wanted: int) -> None:
    """Set a resource limit, soft and hard, never above the hard limit that was inherited."""
    kind: int = getattr(resource, f"RLIMIT_{name}")
    _, hard = resource.getrlimit(kind)
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    # SIGXCPU comes at the soft limit and can be ignored; the hard one, later, cannot.
    ceiling = value + 5 if name == "CPU" and hard == resource.RLIM_INFINITY else value
    resource.setrlimit(kind, (value, ceiling))


def main(plan_json: str, argv: list[str]) -> None:
    plan = json.loads(plan_json)
    die_with(plan["parent"])
    for name, value in plan["limits"].items():
        apply_limit(name, value)
    try:
        os.execvpe(argv[0], argv, os.environ)
    except OSError as error:
        sys.stderr.write(f"cannot execute {argv[0]}: {error.strerror}\n")
        sys.stderr.flush()
        os._exit(_CANNOT_EXECUTE)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
