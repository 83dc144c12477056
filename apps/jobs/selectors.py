"""Reads of jobs. Those for clients demand the workspace."""

import time
from collections.abc import Callable, Iterable
from typing import Protocol

from django.db import connection
from django.db.models import QuerySet

from apps.jobs.models import TERMINAL, Job, Kind, Status
from apps.uploads.models import Asset
from apps.uploads.selectors import key_of_source, resolve_source
from apps.workspaces.models import Workspace
from framelane.lib import clock, ids
from gpu_tasks.timeline.request import RenderRequest

POLL_S = 0.5


def jobs_of(
    workspace: Workspace, kind: Kind, *, status: str | None = None, task_type: str | None = None
) -> QuerySet[Job]:
    """The renders or tasks of a workspace, filtered by what is given."""
    jobs = Job.objects.filter(workspace=workspace, kind=kind)
    if status is not None:
        jobs = jobs.filter(status=status)
    if task_type is not None:
        jobs = jobs.filter(task_type=task_type)
    return jobs


def find_job(workspace: Workspace, kind: Kind, job_id: str) -> Job | None:
    """None for what does not exist and for what belongs to somebody else alike."""
    # Not every string may be sent to a database.
    return jobs_of(workspace, kind).filter(id=job_id).first() if ids.is_id(job_id, kind.value) else None


def wait_until_terminal(job: Job, wait_s: float, *, sleep: Callable[[float], None] = time.sleep) -> Job:
    """The job as soon as it has ended, or as it is after `wait_s` seconds.

    Between two looks no database connection is held: many clients may wait at once.
    """
    end = time.monotonic() + wait_s
    while not job.is_terminal and (left_s := end - time.monotonic()) > 0:
        if not connection.in_atomic_block:
            connection.close()
        sleep(min(POLL_S, left_s))
        if Job.objects.filter(id=job.id, status__in=TERMINAL).exists() or left_s <= POLL_S:
            job.refresh_from_db()
    return job


def source_urls(job: Job) -> list[str]:
    """Every URL that the job reads, each once."""
    if job.kind == Kind.RENDER:
        return RenderRequest.model_validate(job.request).source_urls()
    return [job.request["source_url"]]


class Reader(Protocol):
    """A job, or a worker's claim on it: whose it is, and the assets that its foreign sources were copied to."""

    @property
    def workspace(self) -> Workspace: ...

    @property
    def copies(self) -> dict[str, str]: ...


def asset_of_source(reader: Reader, url: str) -> Asset | None:
    """The asset that a job reads for `url`: one of the workspace's own, or the copy that was made of a foreign source.

    None for what is to be read where it is, also because its copy has been deleted since.
    """
    copy_id = reader.copies.get(url)
    if copy_id is None:
        return resolve_source(reader.workspace, url)
    return Asset.objects.filter(workspace=reader.workspace, id=copy_id).first()


def outputs_at(workspace: Workspace, urls: Iterable[str]) -> dict[str, Job]:
    """The completed jobs of a workspace whose outputs are at these URLs."""
    keys = {url: key for url in urls if (key := key_of_source(workspace, url)) is not None}
    # A key names its job, see `Claim.folder`; a job is found by that much faster than by the key.
    job_ids = {parts[2] for key in keys.values() if len(parts := key.split("/")) > 3}
    jobs = Job.objects.filter(workspace=workspace, id__in=job_ids, status=Status.COMPLETED) if job_ids else []
    made = {job.output_key: job for job in jobs}
    return {url: made[key] for url, key in keys.items() if key in made}


def jobs_with_outputs() -> QuerySet[Job]:
    """The completed jobs of all workspaces whose outputs are still there."""
    return Job.objects.filter(status=Status.COMPLETED, output_gone_at=None).exclude(output_key="")


def has_startable() -> bool:
    """Whether a job waits for a worker, in whatever queue."""
    return Job.objects.filter(status="queued", held=False).exists()


def has_exclusive_running(workspace_id: str) -> bool:
    return Job.objects.filter(workspace_id=workspace_id, status=Status.PROCESSING, exclusive=True).exists()


def has_live_worker(workspace_id: str) -> bool:
    """Whether a worker holds a job of the workspace, and its lease has not run out."""
    running = Job.objects.filter(workspace_id=workspace_id, status=Status.PROCESSING)
    return running.filter(lease_until__gt=clock.now()).exists()


def is_current_attempt(job_id: str, attempt: int) -> bool:
    """Whether a worker holds this attempt."""
    return Job.objects.filter(id=job_id, attempt=attempt, status=Status.PROCESSING).exists()
