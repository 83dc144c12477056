"""What of the assets is past its time."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from apps.uploads import services
from apps.uploads.assets.services import free_bytes_of
from apps.uploads.holders import Garbage, user_of
from apps.uploads.models import Asset, Status
from framelane.lib import clock
from framelane.lib.storage import ObjectNotFound, SessionGone, get_store

ABANDONED_AFTER_S = 6 * 3600
"""How long after its URL expired an unfinished upload is kept: a slow one may still be on its way."""

BATCH_SIZE = 500

_USED_AT = Coalesce("last_used_at", "created_at")
_ABANDONED = "The file was not uploaded before its URL expired."


def abandoned_uploads() -> Iterator[Garbage]:
    """Uploads that never came: they fail, and what they held is freed."""
    horizon = clock.now() - timedelta(seconds=ABANDONED_AFTER_S)
    # What is fetched by this platform itself has no handle, and rules of its own.
    late = Asset.objects.filter(status=Status.PENDING, expires_at__lt=horizon).exclude(handle="")
    for asset in late.order_by("expires_at")[:BATCH_SIZE]:
        yield Garbage("abandoned_upload", asset.key, _held_bytes(asset), partial(_give_up, asset))


def expired_assets() -> Iterator[Garbage]:
    """Assets that no job has asked for during their retention: uploads by one setting, copies by another."""
    uploads = Asset.objects.filter(source="")
    copies = Asset.objects.exclude(source="")
    yield from _expired(uploads, settings.FRAMELANE_ASSET_RETENTION_DAYS, "expired_asset")
    yield from _expired(copies, settings.FRAMELANE_COPY_RETENTION_DAYS, "expired_copy")


def _expired(assets: QuerySet[Asset], days: int, reason: str) -> Iterator[Garbage]:
    """0 days keep for ever."""
    if days == 0:
        return
    past = _unused_since(assets, days).filter(status__in=(Status.READY, Status.FAILED), probe_due_at=None)
    for asset in past.order_by(_USED_AT, "id")[:BATCH_SIZE]:
        if user_of(asset.workspace_id, asset.key, asset) is None:
            yield Garbage(reason, asset.key, _stored_bytes(asset), partial(_delete_expired, asset, days))


def _unused_since(assets: QuerySet[Asset], days: int) -> QuerySet[Asset]:
    return assets.alias(used_at=_USED_AT).filter(used_at__lt=clock.now() - timedelta(days=days))


@transaction.atomic
def _delete_expired(asset: Asset, days: int) -> bool:
    """Raises StorageError; then the asset is still there."""
    still = _unused_since(Asset.objects.select_for_update().filter(id=asset.id), days)
    if not still.exists() or user_of(asset.workspace_id, asset.key, asset) is not None:
        return False
    Asset.objects.filter(id=asset.id).delete()
    free_bytes_of(asset)
    return True


def _give_up(asset: Asset) -> bool:
    return services.give_up(asset=asset, code="upload_failed", message=_ABANDONED)


def _held_bytes(asset: Asset) -> int:
    try:
        return get_store().upload_offset(asset.upload_session)
    except SessionGone:
        return 0


def _stored_bytes(asset: Asset) -> int:
    try:
        return get_store().size(asset.key)
    except ObjectNotFound:
        return 0
