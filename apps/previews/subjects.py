"""What previews are made of: the outputs of completed jobs, and ready assets."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from apps.jobs.models import Job, Kind, Status
from apps.jobs.selectors import find_job, jobs_with_outputs
from apps.uploads.assets.selectors import find_asset, ready_assets
from apps.uploads.models import Asset
from apps.uploads.models import Status as AssetStatus
from apps.workspaces.models import Workspace

PICTURELESS_TASKS = frozenset({"transcribe"})
"""Tasks whose outputs are texts."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A job or an asset by its id, and the object that its preview is made of."""

    id: str
    workspace_id: str
    source_key: str


def find_subject(workspace: Workspace, subject_id: str) -> Subject | None:
    """None for what does not exist (any more), has no file, or could not be pictured; not in a dying workspace."""
    if workspace.erasure_requested_at is not None:
        return None
    asset = find_asset(workspace, subject_id)
    if asset is not None:
        return _of_asset(asset)
    jobs = (find_job(workspace, kind, subject_id) for kind in Kind)
    job = next((job for job in jobs if job is not None), None)
    return None if job is None else _of_job(job)


def all_subjects() -> Iterator[Subject]:
    """Everything that could have a preview now, of all workspaces."""
    found = chain(map(_of_job, jobs_with_outputs().iterator()), map(_of_asset, ready_assets().iterator()))
    yield from (subject for subject in found if subject is not None)


def _of_asset(asset: Asset) -> Subject | None:
    is_ready = asset.status == AssetStatus.READY
    return Subject(asset.id, asset.workspace_id, asset.key) if is_ready else None


def _of_job(job: Job) -> Subject | None:
    is_there = job.status == Status.COMPLETED and job.output_key and job.output_gone_at is None
    if not is_there or job.task_type in PICTURELESS_TASKS:
        return None
    return Subject(job.id, job.workspace_id, job.output_key)
