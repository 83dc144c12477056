"""Runs a program of the engine in bounds, and turns however it ends into a result or a job's failure.

The program prints JSON lines: `{"plan": {"duration_s", "width", "height"}}` once it knows what it will make,
`{"stage", "percent"}` as it goes on, and last `{"result": {...}}` or `{"error": {"code", "message"}}`.
"""

import json
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, cast, get_args

from framelane.lib.sandbox import Limits, Outcome, minimal_environment, run_bounded
from gpu_tasks.errors import JobErrorCode, JobFailed
from gpu_tasks.runners.outcome import Approve, Planned, approve_all

log = logging.getLogger(__name__)

PROJECT_ROOT = Path(__file__).resolve().parents[2]
# Devices and driver libraries are found through these; nothing else of the worker's environment is passed on.
_PASSED_ON = (
    "FRAMELANE_ACCELERATOR",
    "FRAMELANE_SUPER_RESOLUTION_MODEL",
    "FRAMELANE_BACKGROUND_MODEL",
    "CUDA_VISIBLE_DEVICES",
    "NVIDIA_VISIBLE_DEVICES",
    "NVIDIA_DRIVER_CAPABILITIES",
    "LD_LIBRARY_PATH",
)
_MAX_MESSAGE_LENGTH = 500

Progress = Callable[[str, int], None]
"""Called with a stage and how far the child says it is, 0-100."""


class Stopped(Exception):
    """The work ended early because the caller wanted that."""


@dataclass(slots=True)
class _Report:
    """What the child has said."""

    progress: Progress
    approve: Approve
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    unreadable: list[str] = field(default_factory=list)

    def take(self, line: str) -> None:
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            entry = None
        if not isinstance(entry, dict):
            self.unreadable = [*self.unreadable[-4:], line[:200]]
        elif "result" in entry:
            self.result = entry["result"]
        elif "error" in entry:
            self.error = entry["error"]
        elif "plan" in entry:
            self.approve(Planned(**entry["plan"]))
        elif "stage" in entry:
            self.progress(entry["stage"], entry["percent"])


def engine_command(module: str) -> list[str]:
    """How to run a module of this project. `-P`: files in the working folder must not pass for modules."""
    return [sys.executable, "-P", "-m", module]


def run_child(
    argv: Sequence[str],
    *,
    scratch: Path,
    limits: Limits,
    progress: Progress,
    should_stop: Callable[[], bool],
    names: Mapping[str, str],
    approve: Approve = approve_all,
) -> dict[str, Any]:
    """The child's result. `names` maps what local files are called to what the customer calls them.

    The child is killed as soon as `approve` refuses what it plans to make. Raises JobFailed, or Stopped when
    `should_stop` said so.
    """
    report = _Report(progress, approve)
    outcome = run_bounded(
        argv,
        cwd=scratch,
        env=_environment(scratch),
        limits=limits,
        on_line=report.take,
        should_stop=should_stop,
    )
    if outcome.reason == "stopped":
        raise Stopped
    if outcome.ok and report.result is not None:
        return report.result
    log.warning("%s: %s %s: %s", scratch, argv[-4:], outcome, report.unreadable)
    _raise_failure(outcome, report, limits, {**names, f"{scratch}{os.sep}": "", str(scratch): "the job's folder"})


def _environment(scratch: Path) -> dict[str, str]:
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    if models := os.environ.get("FRAMELANE_MODELS"):
        # The child works in another folder.
        passed_on["FRAMELANE_MODELS"] = os.path.abspath(models)
    return minimal_environment(
        PYTHONPATH=str(PROJECT_ROOT),
        PYTHONUNBUFFERED="1",
        HOME=str(scratch),
        TMPDIR=str(scratch),
        # Each allocator arena reserves 64 MiB of addresses, by default eight arenas per core.
        MALLOC_ARENA_MAX="4",
        **passed_on,
    )


def _raise_failure(outcome: Outcome, report: _Report, limits: Limits, names: Mapping[str, str]) -> NoReturn:
    if outcome.reason == "memory":
        limit_mib = limits.memory_bytes // 1024**2
        raise JobFailed("out_of_memory", f"The job needed more than the {limit_mib} MiB of memory that it may use.")
    if outcome.reason in ("wall", "cpu"):
        raise JobFailed("timeout", f"The job took longer than the {limits.wall_s:.0f} seconds that it may take.")
    if outcome.reason == "file_size":
        limit_mib = limits.file_size_bytes // 1024**2
        raise JobFailed("encode_failed", f"The output grew beyond {limit_mib} MiB.")
    if report.error is not None and outcome.reason == "exited":
        _raise_reported(report.error, names)
    raise JobFailed("internal", f"The engine ended unexpectedly ({_how(outcome)}).")


def _raise_reported(error: Mapping[str, Any], names: Mapping[str, str]) -> NoReturn:
    code, message = error.get("code"), str(error.get("message", ""))
    for local, public in sorted(names.items(), key=lambda pair: -len(pair[0])):
        message = message.replace(local, public)
    if code in get_args(JobErrorCode):
        raise JobFailed(cast(JobErrorCode, code), message[:_MAX_MESSAGE_LENGTH])
    raise JobFailed("internal", f"The engine refused the job: {message}"[:_MAX_MESSAGE_LENGTH])


def _how(outcome: Outcome) -> str:
    if outcome.signal_number is not None:
        return f"signal {outcome.signal_number}"
    return f"exit status {outcome.exit_code}"
