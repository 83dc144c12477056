"""Jobs whose foreign sources are copied into the store before they enter the queue."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from apps.events.models import Event
from apps.jobs import timing
from apps.jobs.models import Job, Kind, Status
from apps.jobs.selectors import source_urls
from apps.jobs.services.transitions import announce, end, hint_again, send_hint
from apps.uploads.assets.services import note_use_of
from apps.uploads.imports import copying
from apps.uploads.samples import sample_at
from apps.uploads.selectors import is_own_url
from framelane.lib import clock
from gpu_tasks.timeline.request import ImageElement, RenderRequest, VideoElement


def is_wanted(ingest_external: bool | None) -> bool:
    """Whether foreign sources are copied first; None leaves it to the installation."""
    return settings.FRAMELANE_INGEST_EXTERNAL if ingest_external is None else ingest_external


def sources_to_copy(job: Job) -> list[str]:
    """The foreign media of a job. Colour tables are no media, and small: the worker reads them itself."""
    tables = _colour_tables(job)
    return [url for url in source_urls(job) if url not in tables and not _is_here(url)]


def _is_here(url: str) -> bool:
    return is_own_url(url) or sample_at(url) is not None


def begin(job: Job, urls: list[str]) -> Job:
    """Have the sources of a new job copied before anybody hears of it; it is queued when all are there already."""
    Job.objects.filter(id=job.id).update(status=Status.INGESTING, due_at=timing.next_look(), hints=0)
    copying.request_copies(workspace=job.workspace, urls=urls, waiter=job.id)
    advance(job)
    job.refresh_from_db()
    return job


def advance(job: Job) -> Job | None:
    """Move a job on whose copies have come, or of which one has failed; None when it goes on waiting, or has ended."""
    standing = copying.standing(job.id)
    if standing.error is not None:
        cause = standing.error
        return end(job.id, _waiting(), Status.FAILED, error_code=cause["code"], error_message=cause["message"])
    if standing.is_pending:
        Job.objects.filter(_waiting(), id=job.id).update(due_at=timing.next_look())
        return None
    return _enter_queue(job, standing.assets)


@transaction.atomic
def _enter_queue(job: Job, copies: dict[str, str]) -> Job | None:
    moved = Job.objects.filter(_waiting(), id=job.id).update(
        status=Status.QUEUED, copies=copies, updated_at=clock.now(), due_at=timing.next_hint(1), hints=1
    )
    if not moved:
        return None
    note_use_of(workspace=job.workspace, asset_ids=copies.values())
    copying.withdraw(waiter=job.id)
    job = Job.objects.get(id=job.id)
    announce(job, "queued")
    send_hint(job)
    return job


def on_import_event(event: Event) -> None:
    """Look at the jobs that wait for an import which has ended: as a copy of theirs, or by its `source_url`."""
    import_id = event.data["import"]["id"]
    for job in Job.objects.filter(_waiting(), id__in=copying.waiters_of(import_id)):
        advance(job)
    queued = Job.objects.filter(workspace_id=event.workspace_id, status=Status.QUEUED, awaited_asset=import_id)
    for job in queued:
        hint_again(job)


def _waiting() -> Q:
    return Q(status=Status.INGESTING)


def _colour_tables(job: Job) -> set[str]:
    """URLs that a render names as colour tables and as nothing else."""
    if job.kind != Kind.RENDER:
        return set()
    request = RenderRequest.model_validate(job.request)
    tables = {element.lut_url for element in request.elements if isinstance(element, (VideoElement, ImageElement))}
    media = {request.background_image_url, *(getattr(element, "source_url", None) for element in request.elements)}
    return {url for url in tables - media if url}
