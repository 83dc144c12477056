"""Queued jobs that may not start yet: their uploads are on the way, or another job of the workspace must end first."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from apps.billing import reservations
from apps.events.models import Event
from apps.jobs import plans, selectors, timing
from apps.jobs.models import Job, Kind, Status
from apps.jobs.services.transitions import end, hint_again
from apps.uploads.imports.selectors import fetching_import
from apps.uploads.models import Asset
from apps.uploads.models import Status as AssetStatus
from framelane.lib import clock
from gpu_tasks.errors import JobErrorCode

_NOT_COVERED = (
    "The {plan} plan, which the workspace has had since this job was submitted, includes fewer minutes than are used "
    "and reserved this month."
)


def may_start(job: Job) -> bool:
    """Whether a queued job can be claimed now. If not, it is postponed, or failed when it never could be."""
    if runs_alone(job) and selectors.has_exclusive_running(job.workspace_id):
        postpone(job)
        return False
    if not reservations.is_covered(workspace=job.workspace, job_id=job.id):
        _fail(job, _NOT_COVERED.format(plan=job.workspace.plan), code="source_too_large")
        return False
    return _assets_are_ready(job)


def runs_alone(job: Job) -> bool:
    """Whether the plan of today, which may not be that of the submission, lets the job run only by itself."""
    return job.kind == Kind.RENDER and plans.renders_alone(job.workspace.plan)


def postpone(job: Job, awaited_asset: str = "") -> None:
    """Set the job aside; the sweeper looks again later, in case what it waits for ends without a word."""
    queued = Job.objects.filter(id=job.id, status=Status.QUEUED)
    queued.update(due_at=timing.next_look(), awaited_asset=awaited_asset, held=True)


def _assets_are_ready(job: Job) -> bool:
    for url in selectors.source_urls(job):
        asset = selectors.asset_of_source(job, url)
        if asset is None and (awaited := fetching_import(job.workspace, url)) is not None:
            _wait_for_import(job, url, awaited.id)
            return False
        if asset is None or asset.status == AssetStatus.READY:
            continue
        if asset.status == AssetStatus.FAILED or _waited_too_long(job):
            _fail_without(job, url, asset)
        else:
            postpone(job, awaited_asset=asset.id)
        return False
    return True


def _waited_too_long(job: Job) -> bool:
    return clock.now() > job.created_at + timedelta(seconds=settings.FRAMELANE_ASSET_WAIT_S)


def _wait_for_import(job: Job, url: str, import_id: str) -> None:
    if _waited_too_long(job):
        _fail(job, f"{url} cannot be used: its import was not finished in time.")
    else:
        postpone(job, awaited_asset=import_id)


def _fail_without(job: Job, url: str, asset: Asset) -> None:
    cause = _cause(asset) if asset.status == AssetStatus.FAILED else "its upload was not finished in time"
    _fail(job, f"{url} cannot be used: {cause}.")


def _cause(asset: Asset) -> str:
    return f"its import failed ({asset.error['message'].rstrip('.')})" if asset.source else "its upload failed"


def _fail(job: Job, message: str, code: JobErrorCode = "asset_not_ready") -> None:
    end(job.id, Q(status=Status.QUEUED), Status.FAILED, error_code=code, error_message=message)


def on_asset_event(event: Event) -> None:
    """Hint at the jobs that wait for the asset of `asset.ready` or `asset.failed`."""
    waiting = Job.objects.filter(
        workspace_id=event.workspace_id, status=Status.QUEUED, awaited_asset=event.data["asset"]["id"]
    )
    for job in waiting:
        hint_again(job)
