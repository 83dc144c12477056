"""What goes on beside the work on a job: its lease is kept, its progress written, and reasons to stop are noticed."""

import logging
import mmap
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from datetime import datetime
from functools import partial
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

from celery.signals import worker_shutting_down
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from apps.jobs.services import attempts
from apps.jobs.services.attempts import Claim, Standing
from framelane.lib import clock

log = logging.getLogger(__name__)

WATCH_INTERVAL_S = 1.0
PUBLISH_INTERVAL_S = 5.0
PUBLISH_STEP_PERCENT = 10

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


# --- One claim ------------------------------------------------------------------------------------------------------


class Watch(Thread):
    """Keeps the lease of a claim, writes progress, and says when the work has to stop."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(name=f"watch {claim.job_id}", daemon=True)
        self._claim = claim
        # Its log lines belong to the job too.
        self._context = copy_context()
        self._standing = Standing.HELD
        self._over = Event()
        self._held_until = self._heartbeat_at = 0.0
        self._extended()
        self._progress = self._written = ("", 0)
        self._published_at, self._published_percent = 0.0, 0
        self._entered: dict[str, datetime] = {}
        self._entered_written = 0

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
        self._entered.setdefault(stage, clock.now())
        self._progress = (stage, percent)

    def after(self, settle: Settle) -> Settle:
        """`settle`, behind the stages that no round has written. For when the watch is over."""

        def both() -> None:
            self._write_stages()
            settle()

        return both

    def run(self) -> None:
        self._context.run(self._rounds)

    def _rounds(self) -> None:
        try:
            while not self._over.wait(WATCH_INTERVAL_S):
                self._round()
        finally:
            connection.close()

    def _round(self) -> None:
        try:
            self._look()
            self._write_progress()
            self._write_stages()
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

    def _write_stages(self) -> None:
        entered = self._entered.copy()
        if len(entered) > self._entered_written:
            attempts.note_stages(self._claim, entered)
            self._entered_written = len(entered)

    def _is_worth_telling(self, percent: int) -> bool:
        is_far_enough = percent >= self._published_percent + PUBLISH_STEP_PERCENT
        return is_far_enough and time.monotonic() >= self._published_at + PUBLISH_INTERVAL_S
