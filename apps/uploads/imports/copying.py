"""Copies of foreign sources for jobs: one import for each address, shared by all the jobs that want it.

A job is known here by its id alone, as the `waiter` of its copies.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from apps.uploads.imports import lifecycle
from apps.uploads.models import CopyUse, Import, ImportStatus, Status
from apps.workspaces.models import Workspace
from framelane.lib import clock


@dataclass(frozen=True, slots=True)
class Standing:
    """How the copies of a waiter stand: `error` {code, message} of one that failed, or whether some are still to come.

    `assets` names, once all are there, the id of the asset for each address.
    """

    error: dict[str, Any] | None = None
    is_pending: bool = False
    assets: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def request_copies(*, workspace: Workspace, urls: Iterable[str], waiter: str) -> None:
    """Have each URL copied, unless that is going on already or happened a short while ago."""
    for url in sorted(set(urls), key=lifecycle.digest_of):
        # A withdrawal locks the same row: it sees this use, or this sees that the import is withdrawn.
        source = _recent(workspace, url) or lifecycle.begin(workspace=workspace, url=url)
        CopyUse.objects.create(source=source, waiter=waiter)


def standing(waiter: str) -> Standing:
    """How the copies that were requested for `waiter` stand."""
    uses = CopyUse.objects.filter(waiter=waiter)
    failed = uses.filter(source__status=ImportStatus.FAILED).select_related("source").first()
    if failed is not None:
        return Standing(error=failed.source.error)
    if uses.filter(source__status=ImportStatus.FETCHING).exists():
        return Standing(is_pending=True)
    stored = uses.filter(source__status=ImportStatus.STORED).values_list("source__url", "source__asset")
    return Standing(assets={url: asset_id for url, asset_id in stored if asset_id is not None})


@transaction.atomic
def withdraw(*, waiter: str) -> None:
    """The waiter needs nothing more: stop the copies that are under way for nobody else."""
    source_ids = list(CopyUse.objects.filter(waiter=waiter).values_list("source", flat=True))
    if not source_ids:
        return
    CopyUse.objects.filter(waiter=waiter).delete()
    pending = Import.objects.filter(id__in=source_ids, requested=False, status=ImportStatus.FETCHING)
    # In the order of their digests, as they are requested: nobody waits for two rows crosswise.
    for source in pending.select_for_update().order_by("url_digest", "id"):
        if not CopyUse.objects.filter(source=source).exists():
            _withdraw(source)


def waiters_of(import_id: str) -> list[str]:
    """The ids of the jobs that wait for an import."""
    return list(CopyUse.objects.filter(source=import_id).values_list("waiter", flat=True))


def _recent(workspace: Workspace, url: str) -> Import | None:
    """An import of this URL that is under way, or whose asset is so fresh that it is as good as a new one."""
    oldest = clock.now() - timedelta(seconds=settings.FRAMELANE_COPY_REUSE_S)
    usable = Q(status=ImportStatus.FETCHING) | Q(
        status=ImportStatus.STORED, ended_at__gte=oldest, asset__status=Status.READY
    )
    known = Import.objects.filter(usable, workspace=workspace, url_digest=lifecycle.digest_of(url), url=url)
    return known.select_for_update(of=("self",)).order_by("-created_at", "-id").first()


def _withdraw(source: Import) -> None:
    ended = {"status": ImportStatus.WITHDRAWN, "due_at": None, "ended_at": clock.now()}
    Import.objects.filter(id=source.id, status=ImportStatus.FETCHING).update(**ended)
