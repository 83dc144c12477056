"""The Celery side of jobs: claim, run, commit. The only place in gpu_tasks that knows the platform.

A message is no more than a hint that a job may be waiting. While a job runs, a second thread keeps its lease, writes
its progress and watches for reasons to stop; the work itself happens in bounded child processes.
"""

import logging
import mmap
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

from celery import Task, shared_task
from celery.signals import worker_init, worker_shutting_down
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, connections

from apps.jobs import selectors
from apps.jobs.services import attempts
from apps.jobs.services.attempts import Claim, Output, Standing
from apps.uploads.selectors import font_urls, is_own_url, key_of_source
from framelane.lib import clock
from framelane.lib.sandbox import Limits
from framelane.lib.storage import ObjectNotFound, StorageError, get_store
from framelane.lib.storage.content_types import content_type_of
from gpu_tasks.devices import accelerators
from gpu_tasks.errors import JobFailed
from gpu_tasks.runners.child import Stopped
from gpu_tasks.runners.foreign import fetch_foreign
from gpu_tasks.runners.render import ENGINE, Rendered, render
from gpu_tasks.runners.scratch import scratch_folder, sweep_scratch
from gpu_tasks.timeline.font_names import wanted_families
from gpu_tasks.timeline.request import RenderRequest

log = logging.getLogger(__name__)

WATCH_INTERVAL_S = 1.0
PUBLISH_INTERVAL_S = 5.0
PUBLISH_STEP_PERCENT = 10
MAX_OUTPUT_BYTES = 32 * 1024**3

Settle = Callable[[], object]
"""Writes the outcome of an attempt to the database."""

# --- Being told to stop ---------------------------------------------------------------------------------------------

# One byte that the main process of a worker shares with the processes that it forks.
_shutdown = mmap.mmap(-1, 1)
_imported_by = os.getpid()


def is_shutting_down() -> bool:
    return _shutdown[0] != 0


@worker_shutting_down.connect
def note_shutdown(**_: Any) -> None:
    """SIGTERM has reached the worker: its processes are to give back what they are working on."""
    _shutdown[0] = 1


@contextmanager
def unhurried_by_sigterm() -> Iterator[None]:
    """Some supervisors signal every process of a group: a forked one that is at work must live to give its job back."""
    if os.getpid() == _imported_by:
        # The main process has Celery's own handler, which ends in `note_shutdown`.
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda number, frame: note_shutdown())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@worker_init.connect
def remove_leftovers(**_: Any) -> None:
    """Free the disk of attempts that were killed on this machine."""
    removed = sweep_scratch(settings.FRAMELANE_SCRATCH, selectors.is_current_attempt)
    if removed:
        log.warning("removed %d folders of attempts that did not end by themselves", removed)
    # The processes forked next must not share this one's connection.
    connections.close_all()


# --- One attempt ----------------------------------------------------------------------------------------------------


@shared_task(name="gpu_tasks.worker.run_job", bind=True, ignore_result=True)
def run_job(self: "Task[[str], None]", job_id: str) -> None:
    """Work on a job if it can be claimed."""
    with unhurried_by_sigterm():
        if not is_shutting_down():
            attempt(job_id, worker=f"{self.request.hostname}/{os.getpid()}")


def attempt(job_id: str, *, worker: str) -> None:
    """Claim a job, run it and write its outcome. Does nothing when it cannot be claimed."""
    claim = attempts.claim(job_id, worker=worker)
    if claim is None:
        return
    log.info("%s: attempt %d begins", claim.job_id, claim.attempt)
    with Watch(claim) as watch:
        settle = _run(claim, watch)
    _persist(settle)


def _run(claim: Claim, watch: "Watch") -> Settle:
    """Do the work and clean up; returns how to write down what came out."""
    try:
        with scratch_folder(settings.FRAMELANE_SCRATCH, claim.job_id, claim.attempt) as scratch:
            output = _render(claim, watch, scratch)
    except Stopped:
        return watch.settlement()
    except JobFailed as failure:
        log.info("%s: %s: %s", claim.job_id, failure.code, failure.message)
        return partial(attempts.fail, claim, code=failure.code, message=failure.message)
    except Exception:
        # The edge of the process: whatever went wrong, the job must learn that it did.
        log.exception("%s: attempt %d broke", claim.job_id, claim.attempt)
        return partial(attempts.fail, claim, code="internal", message="The worker met an unexpected error.")
    return partial(_complete, claim, output)


def _render(claim: Claim, watch: "Watch", scratch: Path) -> Output:
    film = render(
        claim.request,
        scratch=scratch,
        fetch=partial(_fetch, claim, watch.should_stop),
        report=watch.report,
        should_stop=watch.should_stop,
        limits=_limits(claim),
        fonts=font_urls(claim.workspace, wanted_families(RenderRequest.model_validate(claim.request))),
        marked=claim.marked,
        command=ENGINE,
    )
    if watch.should_stop():
        raise Stopped
    watch.report("uploading", 95)
    return _store(claim, film)


def _limits(claim: Claim) -> Limits:
    wall_s = max(1.0, (claim.deadline - clock.now()).total_seconds())
    return Limits(
        memory_bytes=settings.FRAMELANE_SANDBOX_MEMORY_BYTES,
        cpu_s=int(wall_s) * (os.cpu_count() or 1) + 1,
        wall_s=wall_s,
        file_size_bytes=MAX_OUTPUT_BYTES,
        open_files=4096,
        # CUDA and NVENC reserve addresses by the hundred gigabytes.
        bounded_address_space=not accelerators(),
    )


def _fetch(claim: Claim, should_stop: Callable[[], bool], url: str, path: Path) -> None:
    """Write a source to `path`: an own one out of the store, any other from the network. Raises JobFailed, Stopped."""
    key = key_of_source(claim.workspace, url)
    if key is None and not is_own_url(url):
        max_bytes, timeout_s = settings.FRAMELANE_SOURCE_MAX_BYTES, settings.FRAMELANE_FETCH_TIMEOUT_S
        fetch_foreign(url, path, max_bytes, timeout_s, allow=settings.FRAMELANE_NET_ALLOW, should_stop=should_stop)
        return
    try:
        # Of another workspace's files nobody learns whether they exist.
        if key is None:
            raise ObjectNotFound(url)
        get_store().fetch(key, path)
    except ObjectNotFound:
        raise JobFailed("source_not_found", f"{url} does not exist.") from None
    except StorageError as error:
        raise JobFailed("internal", f"{url} could not be read from the store.") from error


def _store(claim: Claim, film: Rendered) -> Output:
    key = f"{claim.workspace_id}/renders/{claim.job_id}/attempt-{claim.attempt}/{film.path.name}"
    try:
        get_store().put_file(key, film.path, content_type_of(key))
    except (StorageError, OSError) as error:
        raise JobFailed("upload_failed", "The finished film could not be put into the store.") from error
    return Output(
        key=key,
        size_bytes=film.size_bytes,
        width=film.width,
        height=film.height,
        duration_s=film.duration_s,
        warnings=[dict(warning) for warning in film.warnings],
    )


def _complete(claim: Claim, output: Output) -> None:
    store = get_store()
    if attempts.complete(claim, output):
        for earlier in range(1, claim.attempt):
            # A worker that was killed after storing its file could not take it back.
            store.delete_prefix(f"{claim.workspace_id}/renders/{claim.job_id}/attempt-{earlier}/")
        return
    # Somebody else has the job by now, or it is to be cancelled: this file belongs to nobody.
    store.delete(output.key)
    attempts.confirm_cancel(claim)


def _persist(settle: Settle) -> None:
    """Write an outcome, patiently: without the database the whole attempt would have been for nothing."""
    give_up_at = time.monotonic() + settings.FRAMELANE_JOB_LEASE_S
    pause_s = 0.5
    while True:
        try:
            settle()
            return
        except (OperationalError, InterfaceError):
            if time.monotonic() + pause_s > give_up_at:
                raise
            log.exception("the outcome could not be written yet")
            connection.close()
            time.sleep(pause_s)
            pause_s *= 2


# --- What goes on beside the work -----------------------------------------------------------------------------------


class Watch(Thread):
    """Keeps the lease of a claim, writes progress, and says when the work has to stop."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(name=f"watch {claim.job_id}", daemon=True)
        self._claim = claim
        self._standing = Standing.HELD
        self._over = Event()
        self._held_until = self._heartbeat_at = 0.0
        self._extended()
        self._progress = self._written = ("", 0)
        self._published_at, self._published_percent = 0.0, 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        self.join()

    def should_stop(self) -> bool:
        return self._standing is not Standing.HELD or is_shutting_down()

    def settlement(self) -> Settle:
        """What to write after the work was stopped."""
        if self._standing is Standing.CANCEL:
            return partial(attempts.confirm_cancel, self._claim)
        # Without effect when the claim is lost.
        return partial(attempts.release, self._claim)

    def report(self, stage: str, percent: int) -> None:
        """Note progress of the whole job; it reaches the database at the next round."""
        self._progress = (stage, percent)

    def run(self) -> None:
        try:
            while not self._over.wait(WATCH_INTERVAL_S):
                self._round()
        finally:
            connection.close()

    def _round(self) -> None:
        try:
            self._look()
            self._write_progress()
        except (OperationalError, InterfaceError):
            log.exception("%s: the database cannot be reached", self._claim.job_id)
            connection.close()
        if time.monotonic() > self._held_until:
            # Somebody else may have it by now, and we could not know.
            self._standing = Standing.LOST

    def _look(self) -> None:
        if time.monotonic() < self._heartbeat_at:
            self._standing = attempts.look(self._claim)
            return
        self._standing = attempts.heartbeat(self._claim)
        if self._standing is not Standing.LOST:
            self._extended()

    def _extended(self) -> None:
        now = time.monotonic()
        self._held_until = now + settings.FRAMELANE_JOB_LEASE_S
        self._heartbeat_at = now + settings.FRAMELANE_JOB_HEARTBEAT_S

    def _write_progress(self) -> None:
        progress = self._progress
        if progress == self._written or not progress[0]:
            return
        stage, percent = progress
        publish = self._is_worth_telling(percent)
        attempts.report(self._claim, percent=percent, stage=stage, publish=publish)
        self._written = progress
        if publish:
            self._published_at, self._published_percent = time.monotonic(), percent

    def _is_worth_telling(self, percent: int) -> bool:
        is_far_enough = percent >= self._published_percent + PUBLISH_STEP_PERCENT
        return is_far_enough and time.monotonic() >= self._published_at + PUBLISH_INTERVAL_S
