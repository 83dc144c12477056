"""Writes to assets that are there already: noting their use, deleting them."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from apps.uploads.holders import forget, user_of
from apps.uploads.models import Asset
from apps.uploads.selectors import font_urls, key_of_source
from apps.workspaces.models import Workspace
from framelane.lib import clock
from framelane.lib.storage import get_store

USE_IS_NOTED_EVERY = timedelta(hours=1)


class InUse(Exception):
    """An unfinished job, `job_id`, reads the asset; the message names both."""

    def __init__(self, asset_id: str, job_id: str) -> None:
        super().__init__(f"{asset_id} is used by {job_id}, which has not ended. Cancel that job first, or wait for it.")
        self.job_id = job_id


@transaction.atomic
def note_use(*, workspace: Workspace, urls: Iterable[str], families: Collection[str] = ()) -> int:
    """Remember that a job asks for the workspace's own assets among `urls`, and for its fonts of some families.

    At most once an hour for each; how many were noted.
    """
    wanted = [*urls, *font_urls(workspace, families)]
    keys = {key for key in (key_of_source(workspace, url) for url in wanted) if key is not None}
    if not keys:
        return 0
    return _note_use(Q(key__in=keys) | Q(imports__key__in=keys), workspace=workspace)


@transaction.atomic
def note_use_of(*, workspace: Workspace, asset_ids: Iterable[str]) -> int:
    """The same for assets by their ids."""
    return _note_use(Q(id__in=list(asset_ids)), workspace=workspace)


def _note_use(named: Q, *, workspace: Workspace) -> int:
    now = clock.now()
    due = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_IS_NOTED_EVERY)
    found = list(Asset.objects.filter(due & named, workspace=workspace).values_list("id", flat=True))
    # Two jobs with the same assets must not wait for each other: whoever has the row notes the same time.
    free = Asset.objects.select_for_update(skip_locked=True).filter(id__in=found)
    return Asset.objects.filter(id__in=list(free.values_list("id", flat=True))).update(last_used_at=now)


@transaction.atomic
def delete_asset(*, asset: Asset) -> bool:
    """Delete an asset with its file; False when somebody else has. Raises InUse, StorageError (nothing has changed).

    Should the process die in between, the row is still there and can be deleted again.
    """
    if not Asset.objects.select_for_update().filter(id=asset.id).exists():
        return False
    job_id = user_of(asset.workspace_id, asset.key, asset)
    if job_id is not None:
        raise InUse(asset.id, job_id)
    Asset.objects.filter(id=asset.id).delete()
    free_bytes_of(asset)
    return True


def free_bytes_of(asset: Asset) -> None:
    """Delete what the store holds of an asset: its object, what was made of it, and an upload that is still open.

    Raises StorageError.
    """
    if asset.received_at is None and asset.handle:
        get_store().cancel_upload(asset.upload_session)
    forget(asset.workspace_id, asset.id)
    get_store().delete(asset.key)


def close_uploads(*, workspace_id: str) -> None:
    """Throw away what has come of the uploads of a workspace that are still open. Raises StorageError."""
    for asset in Asset.objects.filter(workspace_id=workspace_id, received_at=None).exclude(handle="").iterator():
        get_store().cancel_upload(asset.upload_session)
