"""The Celery side of jobs: claim, run, commit. With `watch` and `artifacts` the only place that knows the platform.

A message is no more than a hint that a job may be waiting. While a job runs, a second thread keeps its lease, writes
its progress and watches for reasons to stop; the work itself happens in bounded child processes.
"""

import logging
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from celery import Task, shared_task
from celery.signals import worker_init
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, connections

from apps.jobs import selectors
from apps.jobs.models import Kind
from apps.jobs.services import attempts
from apps.jobs.services.allowance import Extent, NotAllowed, require_allowed
from apps.jobs.services.attempts import Claim, Output
from apps.uploads.selectors import font_urls
from framelane.api import request_ids
from framelane.lib import clock, log_context
from framelane.lib.sandbox import Limits
from gpu_tasks import artifacts, preview_worker
from gpu_tasks.devices import accelerators
from gpu_tasks.errors import JobFailed
from gpu_tasks.models.transcription.provider import Patience, ProviderSettings
from gpu_tasks.runners.child import Stopped
from gpu_tasks.runners.outcome import MADE_PERCENT, Approve, Made, Planned, blaming
from gpu_tasks.runners.render import ENGINE, render
from gpu_tasks.runners.scratch import scratch_folder, sweep_scratch
from gpu_tasks.runners.sources import Fetch, fetch_sources
from gpu_tasks.runners.task import TASK, run_task
from gpu_tasks.runners.transcribe import transcribe
from gpu_tasks.timeline.font_names import wanted_families
from gpu_tasks.timeline.request import RenderRequest
from gpu_tasks.timeline.tasks import options_of
from gpu_tasks.watch import Settle, Watch, is_shutting_down, unhurried_by_sigterm

log = logging.getLogger(__name__)

MAX_OUTPUT_BYTES = 32 * 1024**3
TRANSCRIBE = "transcribe"


@worker_init.connect
def remove_leftovers(**_: Any) -> None:
    """Free the disk of attempts that were killed on this machine."""
    removed = sweep_scratch(settings.FRAMELANE_SCRATCH, _is_held)
    if removed:
        log.warning("removed %d folders of attempts that did not end by themselves", removed)
    # The processes forked next must not share this one's connection.
    connections.close_all()


def _is_held(name: str, number: int) -> bool:
    return selectors.is_current_attempt(name, number) or preview_worker.is_current(name, number)


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
    if claim.job_id != job_id:
        # The message came from the request of another job.
        request_ids.adopt("")
    with log_context.scope(job=claim.job_id, attempt=claim.attempt, workspace=claim.workspace_id):
        log.info("%s: attempt %d begins", claim.job_id, claim.attempt)
        with Watch(claim) as watch:
            settle = _run(claim, watch)
        _persist(watch.after(settle))


def _run(claim: Claim, watch: Watch) -> Settle:
    """Do the work and clean up; returns how to write down what came out."""
    try:
        with scratch_folder(settings.FRAMELANE_SCRATCH, claim.job_id, claim.attempt) as scratch:
            output = _work(claim, watch, scratch)
    except Stopped:
        return watch.settlement()
    except JobFailed as failure:
        # Not the message, which is in the job's row: the URL in it may carry its owner's secrets.
        log.info("%s: attempt %d failed: %s", claim.job_id, claim.attempt, failure.code)
        return partial(attempts.fail, claim, code=failure.code, message=failure.message, is_final=failure.is_final)
    except Exception:
        # The edge of the process: whatever went wrong, the job must learn that it did.
        log.exception("%s: attempt %d broke", claim.job_id, claim.attempt)
        return partial(attempts.fail, claim, code="internal", message="The worker met an unexpected error.")
    return partial(_complete, claim, output)


def _work(claim: Claim, watch: Watch, scratch: Path) -> Output:
    """Do what the job asks for, and store what came out. Raises JobFailed, Stopped."""
    made = _kind_of_work(claim)(claim, watch, scratch)
    # Whatever was announced: what is charged is what was made.
    _approving(claim)(Planned(made.duration_s or 0.0, made.width, made.height))
    if watch.should_stop():
        raise Stopped
    watch.report("uploading", MADE_PERCENT)
    return _stored(claim, made)


def _kind_of_work(claim: Claim) -> Callable[[Claim, Watch, Path], Made]:
    if claim.kind == Kind.RENDER:
        return _render
    return _transcribe if claim.task_type == TRANSCRIBE else _task


def _render(claim: Claim, watch: Watch, scratch: Path) -> Made:
    return render(
        claim.request,
        scratch=scratch,
        fetch=_fetching(claim, watch),
        report=watch.report,
        should_stop=watch.should_stop,
        limits=_limits(claim),
        fonts=font_urls(claim.workspace, wanted_families(RenderRequest.model_validate(claim.request))),
        marked=claim.marked,
        approve=_approving(claim),
        command=ENGINE,
    )


def _task(claim: Claim, watch: Watch, scratch: Path) -> Made:
    return run_task(
        claim.task_type,
        claim.request,
        scratch=scratch,
        fetch=_fetching(claim, watch),
        report=watch.report,
        should_stop=watch.should_stop,
        limits=_limits(claim),
        approve=_approving(claim),
        command=TASK,
    )


def _transcribe(claim: Claim, watch: Watch, scratch: Path) -> Made:
    url = claim.request["source_url"]
    name = fetch_sources([url], scratch, _fetching(claim, watch), watch.report, watch.should_stop)[url]
    with blaming(url, name):
        transcript = transcribe(
            options_of(TRANSCRIBE, claim.request),
            scratch / name,
            scratch,
            provider=_provider(claim),
            report=watch.report,
            should_stop=watch.should_stop,
            limits=_limits(claim),
            approve=_approving(claim),
        )
    return Made(
        path=transcript.path,
        size_bytes=transcript.path.stat().st_size,
        duration_s=transcript.duration_s,
        warnings=tuple(transcript.warnings),
        beside=(transcript.srt_path, transcript.vtt_path),
    )


def _approving(claim: Claim) -> Approve:
    def approve(planned: Planned) -> None:
        try:
            require_allowed(claim, Extent(planned.duration_s, planned.width, planned.height))
        except NotAllowed as refusal:
            raise JobFailed("source_too_large", str(refusal)) from None

    return approve


def _provider(claim: Claim) -> ProviderSettings:
    return ProviderSettings(
        assemblyai_api_key=settings.FRAMELANE_ASSEMBLYAI_API_KEY,
        assemblyai_base_url=settings.FRAMELANE_ASSEMBLYAI_BASE_URL,
        whisper_folder=settings.FRAMELANE_WHISPER_MODEL,
        patience=Patience(total_s=_left_s(claim)),
    )


def _fetching(claim: Claim, watch: Watch) -> Fetch:
    return partial(artifacts.fetch, claim, watch.should_stop)


def _limits(claim: Claim) -> Limits:
    wall_s, is_render = _left_s(claim), claim.kind == Kind.RENDER
    return Limits(
        memory_bytes=settings.FRAMELANE_SANDBOX_MEMORY_BYTES if is_render else settings.FRAMELANE_TASK_MEMORY_BYTES,
        cpu_s=int(wall_s) * (os.cpu_count() or 1) + 1,
        wall_s=wall_s,
        file_size_bytes=MAX_OUTPUT_BYTES,
        open_files=4096,
        # CUDA and NVENC reserve addresses by the hundred gigabytes.
        bounded_address_space=not accelerators(),
    )


def _left_s(claim: Claim) -> float:
    return max(1.0, (claim.deadline - clock.now()).total_seconds())


def _stored(claim: Claim, made: Made) -> Output:
    return Output(
        key=artifacts.put(claim, [made.path, *made.beside])[0],
        size_bytes=made.size_bytes,
        width=made.width,
        height=made.height,
        duration_s=made.duration_s,
        warnings=[dict(warning) for warning in made.warnings],
    )


def _complete(claim: Claim, output: Output) -> None:
    if attempts.complete(claim, output):
        artifacts.discard_earlier(claim)
        return
    # Somebody else has the job by now, or it is to be cancelled: these files belong to nobody.
    artifacts.discard(claim)
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
