"""Following jobs, imports and assets to their end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain, repeat
from typing import Any, TypeVar

from framelane import errors
from framelane._call import Call, exchange, request_of, result_of, run
from framelane._generated import AssetOut, ImportOut, JobOut
from framelane._settings import Settings
from framelane._wire import Flow, Sleep, tell

T = TypeVar("T")

LONG_POLL_S = 25.0
"""The longest that the API waits for a job's end before it answers."""

PROGRESS_POLLS_S = (0.0, 0.5, 0.75, 1.0, 1.5, 2.0)
"""How long the first polls wait where somebody wants to see progress, and all further ones: the API answers early only
at the end."""

MIN_POLL_S = 1.0
"""A poll that is answered much sooner without news is followed by a pause."""

FIRST_PAUSE_S = 0.25
MAX_PAUSE_S = 5.0

JOB_ENDS = ("completed", "failed", "cancelled")


def job_end(
    settings: Settings,
    call: Call[JobOut],
    on_progress: Callable[[JobOut], Any] | None,
    timeout_s: float | None,
) -> Flow[JobOut]:
    """Follow a job; returns it completed. `call` reads it. Raises JobFailed, JobCancelled, WaitTimedOut."""
    deadline = _deadline(settings, timeout_s)
    polls_s = chain(
        PROGRESS_POLLS_S if on_progress else (), repeat(PROGRESS_POLLS_S[-1] if on_progress else LONG_POLL_S)
    )
    shown: object = None
    for longest_s in polls_s:
        began = settings.clock()
        poll_s = max(0.0, min(longest_s, deadline - began))
        job = yield from run(settings, long_poll(call, poll_s))
        state = (job.status, job.progress_percent, job.progress_stage)
        if state != shown:
            yield from tell(on_progress, job)
            shown = state
        if job.status in JOB_ENDS:
            return _completed(job)
        now = settings.clock()
        if now >= deadline:
            raise errors.WaitTimedOut(f"Job {job.id} is still {job.status} after {timeout_s} s; it goes on.", job)
        # Something between us and the API that does not let answers wait must not make us ask without a pause.
        if now - began < poll_s / 2:
            yield Sleep(min(poll_s, MIN_POLL_S))
    raise AssertionError("polls never end")


def long_poll(call: Call[T], wait_s: float | None) -> Call[T]:
    """The call that reads a job, answered when the job ends or after `wait_s` (0 to 25)."""
    if wait_s is None:
        return call
    if not 0 <= wait_s <= LONG_POLL_S:
        raise ValueError(f"wait_s is {wait_s}; it must be 0 to {LONG_POLL_S:g}")
    return replace(call.with_params(wait=round(wait_s, 3)), extra_timeout_s=wait_s)


def _completed(job: JobOut) -> JobOut:
    if job.status == "failed":
        cause = f"{job.error.code}: {job.error.message}" if job.error else "no cause is told"
        raise errors.JobFailed(f"Job {job.id} failed: {cause}", job)
    if job.status == "cancelled":
        raise errors.JobCancelled(f"Job {job.id} was cancelled.", job)
    return job


def import_end(settings: Settings, call: Call[ImportOut], timeout_s: float | None) -> Flow[ImportOut]:
    """Follow an import; returns it ready. Raises ImportFailed, WaitTimedOut."""
    import_: ImportOut = yield from _settled(settings, call, timeout_s, "Import")
    if import_.status == "failed":
        raise errors.ImportFailed(f"Import {import_.id} failed: {_cause(import_.error)}", import_)
    return import_


def asset_end(settings: Settings, call: Call[AssetOut], timeout_s: float | None) -> Flow[AssetOut]:
    """Follow an asset; returns it ready. Raises AssetFailed, WaitTimedOut."""
    asset: AssetOut = yield from _settled(settings, call, timeout_s, "Asset")
    if asset.status == "failed":
        raise errors.AssetFailed(f"Asset {asset.id} cannot be used: {_cause(asset.error)}", asset)
    return asset


def _settled(settings: Settings, call: Call[Any], timeout_s: float | None, noun: str) -> Flow[Any]:
    deadline, pause_s = _deadline(settings, timeout_s), FIRST_PAUSE_S
    while True:
        thing = yield from run(settings, call)
        if thing.status in ("ready", "failed"):
            return thing
        left_s = deadline - settings.clock()
        if left_s <= 0:
            raise errors.WaitTimedOut(f"{noun} {thing.id} is still {thing.status} after {timeout_s} s.", thing)
        yield Sleep(min(pause_s, left_s))
        pause_s = min(MAX_PAUSE_S, pause_s * 1.5)


def _deadline(settings: Settings, timeout_s: float | None) -> float:
    if timeout_s is None:
        return float("inf")
    if timeout_s < 0:
        raise ValueError(f"timeout_s is {timeout_s}; it must be 0 or more")
    return settings.clock() + timeout_s


def _cause(error: Any) -> str:
    return f"{error.code}: {error.message}" if error is not None else "no cause is told"


def cancelled(settings: Settings, call: Call[JobOut]) -> Flow[JobOut]:
    """Cancel the job that `call` reads. Raises Conflict when it has ended otherwise."""
    request = request_of(settings, replace(call, method="DELETE"))
    answer, in_doubt = yield from exchange(settings, request, repeatable=True)
    if answer.status == 409 and in_doubt:
        # The attempt whose answer was lost may have cancelled it.
        job = yield from run(settings, call)
        if job.status == "cancelled":
            return job
    return result_of(settings, call, answer)
