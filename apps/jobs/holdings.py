"""What jobs have to do with the store: the outputs that they name, the sources that they read, what is over."""

from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from apps.jobs import selectors
from apps.jobs.models import ACTIVE, Job, Kind
from apps.jobs.services.sweep import delete_output, expired_outputs
from apps.uploads.holders import Garbage, Holder, Named
from apps.uploads.models import Asset
from apps.uploads.models import Kind as AssetKind
from apps.uploads.selectors import key_of_source, resolve_source
from framelane.lib.storage import get_store
from gpu_tasks.timeline.font_names import normal, wanted_families
from gpu_tasks.timeline.request import RenderRequest


def named(workspace_id: str) -> Iterator[Named]:
    """The outputs of a workspace with what lies beside them, and the folders that its workers are writing to."""
    jobs = Job.objects.filter(workspace_id=workspace_id)
    kept = jobs.exclude(output_key="").filter(output_gone_at=None).values_list("id", "output_key")
    for job_id, key in kept.iterator():
        yield Named(key, job_id, expected=True)
        yield Named(f"{PurePosixPath(key).parent}/", job_id)
    for job in jobs.filter(status__in=ACTIVE).only("id", "kind"):
        yield Named(f"{workspace_id}/{job.kind}s/{job.id}/", job.id)


def user_of(workspace_id: str, key: str, asset: Asset | None) -> str | None:
    """The id of an unfinished job that reads the object."""
    for job in _candidates(workspace_id, key, asset):
        if _reads(job, key, asset):
            return job.id
    return None


def _candidates(workspace_id: str, key: str, asset: Asset | None) -> QuerySet[Job]:
    """The jobs whose texts hold the object's name: most are told apart without parsing their requests."""
    active = Job.objects.filter(workspace_id=workspace_id, status__in=ACTIVE).select_related("workspace")
    if asset is not None and asset.kind == AssetKind.FONT:
        return active
    named = Q()
    for name in (key, *(asset.imports.values_list("key", flat=True) if asset else ())):
        named |= Q(request_text__contains=name)
    if asset is not None:
        named |= Q(copies_text__contains=asset.id)
    texts = {"request_text": Cast("request", TextField()), "copies_text": Cast("copies", TextField())}
    return active.annotate(**texts).filter(named)


def _reads(job: Job, key: str, asset: Asset | None) -> bool:
    urls = selectors.source_urls(job)
    if any(key_of_source(job.workspace, url) == key for url in urls):
        return True
    return asset is not None and (
        asset.id in job.copies.values()
        or any(resolve_source(job.workspace, url) == asset for url in urls)
        or _writes_with(job, asset)
    )


def _writes_with(job: Job, font: Asset) -> bool:
    family = normal((font.info or {}).get("font_family", ""))
    if job.kind != Kind.RENDER or not family:
        return False
    return family in wanted_families(RenderRequest.model_validate(job.request))


def garbage() -> Iterator[Garbage]:
    """Outputs past their retention."""
    for job in expired_outputs():
        if user_of(job.workspace_id, job.output_key, None) is None:
            yield Garbage("expired_output", job.output_key, _folder_bytes(job), partial(_delete, job))


def _folder_bytes(job: Job) -> int:
    return sum(held.size_bytes for held in get_store().inventory(f"{PurePosixPath(job.output_key).parent}/"))


def _delete(job: Job) -> bool:
    return bool(delete_output(job))


HOLDER = Holder(named=named, user_of=user_of, garbage=garbage)
