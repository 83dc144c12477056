"""Following jobs: progress on the way, a file at the end, and what Ctrl-C does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from framelane import FramelaneError
from framelane.cli.context import Context
from framelane.cli.failures import USAGE, CommandFailed, Interrupted
from framelane.cli.terminal import Progress, bytes_text, plain
from framelane.types import JobOut

_SUBTITLES = {".srt": "srt", ".vtt": "vtt"}


def jobs_of(context: Context, job_id: str) -> Any:
    """The resource that a job belongs to. Raises CommandFailed for what is no id of a job."""
    if job_id.startswith("render_"):
        return context.client.renders
    if job_id.startswith("task_"):
        return context.client.tasks
    raise CommandFailed(f"{job_id!r} is no id of a job; those begin with render_ or task_", code=USAGE)


def finish(context: Context, job: JobOut, output: str | None) -> None:
    """Follow a job that this command made to its end, and show what came of it. Ctrl-C cancels the job."""
    try:
        done = follow(context, job.id)
    except Interrupted:
        _cancel(context, job.id)
        raise
    deliver(context, done, output)


def follow(context: Context, job_id: str) -> JobOut:
    """Show a job's progress until it has ended. Raises what `wait` of the client raises."""
    with Progress(context.terminal, job_id) as progress:

        def show(job: JobOut) -> None:
            stage = job.progress_stage if job.status == "processing" and job.progress_stage else job.status
            progress.show(stage, job.progress_percent / 100 if job.status == "processing" else None)

        done: JobOut = jobs_of(context, job_id).wait(job_id, on_progress=show, timeout_s=context.options.timeout)
    for warning in done.warnings:
        context.terminal.warning(f"{warning.path + ': ' if warning.path else ''}{warning.message} [{warning.code}]")
    return done


def _cancel(context: Context, job_id: str) -> None:
    context.terminal.note(f"cancelling {job_id}; Ctrl-C once more leaves it running")
    try:
        context.terminal.note(cancelling(jobs_of(context, job_id).cancel(job_id)))
    except FramelaneError as error:
        context.terminal.warning(f"{job_id} could not be cancelled: {error}")


def cancelling(job: JobOut) -> str:
    """What became of a job that was to be cancelled: a worker needs a moment to let go of it."""
    return f"{job.id} {'is cancelled' if job.status == 'cancelled' else 'is being cancelled'}"


def deliver(context: Context, job: JobOut, output: str | None) -> None:
    """Show a completed job: its file where one is wanted, else the address of its output."""
    if output is None:
        address = (job.output.url if job.output else None) or "the output is not kept any longer"
        context.terminal.result(job, [address])
        return
    path = save(context, job, Path(output))
    context.terminal.note(f"{job.id}: {_told(job)}")
    context.terminal.result({**plain(job), "path": str(path)}, [str(path)])


def _told(job: JobOut) -> str:
    out = job.output
    if out is None:
        return job.status
    size = f"{out.width}×{out.height}" if out.width and out.height else ""
    length = f"{out.duration:g} s" if out.duration else ""
    return ", ".join(part for part in (size, length, bytes_text(out.size_bytes)) if part)


def save(context: Context, job: JobOut, path: Path) -> Path:
    """Download a job's output; subtitles of a transcript where the name ends in .srt or .vtt."""
    require_folder(path)
    address = _subtitles(job, path)
    with Progress(context.terminal, str(path)) as progress:

        def show(done: int, total: int | None) -> None:
            progress.show("downloading", done / total if total else None, bytes_text(done))

        if address is None:
            written: Path = jobs_of(context, job.id).download(job.id, path, on_progress=show)
            return written
    answer = httpx.get(address, timeout=60, follow_redirects=True)
    if answer.status_code != 200:
        raise CommandFailed(f"the subtitles of {job.id} cannot be read: the server answers {answer.status_code}")
    path.write_bytes(answer.content)
    return path


def _subtitles(job: JobOut, path: Path) -> str | None:
    kind = _SUBTITLES.get(path.suffix.lower())
    subtitles = job.output.subtitles if kind and job.output else None
    return getattr(subtitles, kind) if subtitles and kind else None


def require_folder(path: Path) -> None:
    """Raises CommandFailed when nothing can be written at a path, before much work is done for it."""
    if path.is_dir():
        raise CommandFailed(f"{path} is a folder; name a file", code=USAGE)
    if not path.parent.is_dir():
        raise CommandFailed(f"{path}: there is no folder {str(path.parent)!r}", code=USAGE)


def own_name(job: JobOut) -> str:
    """A name for a job's output that is not given one: its id, ending as the output does."""
    address = job.output.url if job.output and job.output.url else ""
    return job.id + (Path(urlsplit(address).path).suffix or ".bin")


@contextmanager
def uploading(context: Context, name: str) -> Iterator[Any]:
    """A listener for an upload, which shows how far it is."""
    with Progress(context.terminal, name) as progress:

        def show(done: int, total: int | None) -> None:
            progress.show("uploading", done / total if total else None, bytes_text(done))

        show(0, None)
        yield show
