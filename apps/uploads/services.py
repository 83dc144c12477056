"""The life of an upload: opened, received, cancelled or abandoned."""

import logging
import secrets
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from apps.events.hints import hint
from apps.events.services import record
from apps.uploads.media_types import HEAD_BYTES, kinds_by_type, sniff
from apps.uploads.models import Asset, Kind, Status
from apps.uploads.schemas import AssetOut, UploadRequest
from apps.workspaces.models import Workspace
from framelane.api.errors import conflict, unavailable, validation_error
from framelane.lib import clock
from framelane.lib.storage import ObjectNotFound, StorageError, get_store
from framelane.lib.storage.content_types import extension_for
from gpu_tasks.errors import JobErrorCode
from gpu_tasks.timeline.problems import Problem

log = logging.getLogger(__name__)

MAX_OPEN_UPLOADS = 1000
"""Of one workspace, at about the same time: each of them is looked for again and again, and holds what has come."""

_NEEDED_DESCRIPTION = {
    Kind.VIDEO: ("duration", "width", "height"),
    Kind.AUDIO: ("duration",),
    Kind.IMAGE: ("width", "height"),
    Kind.FONT: (),
}


def create_upload(*, workspace: Workspace, request: UploadRequest, origin: str = "") -> Asset:
    """Open an upload session; `origin` is the browser origin that will send the bytes.

    Raises ApiError 422 `unsupported_content_type`, 409 for one too many, 503 when the store is away.
    """
    content_type = accepted_type(request.content_type)
    if Asset.objects.filter(workspace=workspace, status=Status.PENDING).count() >= MAX_OPEN_UPLOADS:
        raise conflict(
            f"This workspace has {MAX_OPEN_UPLOADS} uploads that have not come to an end. Finish them, or delete their "
            "assets; those that stand still are given up some hours after their URL has expired."
        )
    filename = clean_filename(request.filename)
    name = f"{secrets.token_hex(16)}.{extension_for(content_type, filename)}"
    try:
        session = get_store().start_upload(f"{workspace.id}/uploads/{name}", content_type, origin or None)
    except StorageError:
        log.exception("the store opened no upload")
        raise unavailable("The store is not available right now. Try again in a few seconds.") from None
    kind = Kind(kinds_by_type()[content_type])
    return Asset.objects.create(
        workspace=workspace,
        key=session.key,
        handle=session.handle,
        kind=kind,
        content_type=content_type,
        filename=filename,
        origin=origin,
        duration=request.duration,
        width=request.width,
        height=request.height,
        described_by_sender=all(getattr(request, name) is not None for name in _NEEDED_DESCRIPTION[kind]),
        expires_at=clock.now() + timedelta(seconds=settings.FRAMELANE_UPLOAD_URL_LIFETIME_S),
    )


def accepted_type(content_type: str) -> str:
    """The bare, lower-case MIME type. Raises ApiError 422 for one that is not accepted."""
    essence = content_type.partition(";")[0].strip().lower()
    if essence in kinds_by_type():
        return essence
    message = f"{content_type[:100]!r} is not accepted; accepted are {', '.join(kinds_by_type())}."
    problem = Problem("/content_type", "unsupported_content_type", message)
    raise validation_error([problem], code="unsupported_content_type")


def clean_filename(filename: str | None) -> str:
    """The last part of a path, without control characters, at most 255 characters from its end."""
    name = (filename or "").replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in name if character.isprintable())[-255:]


def arrive(*, asset: Asset) -> Asset:
    """The asset after its last byte: sniffed, and handed to the probe. Does nothing the second time.

    An asset that was given up meanwhile stays failed, without `received_at`.

    Raises ObjectNotFound, StorageError, and Asset.DoesNotExist when it was deleted meanwhile.
    """
    try:
        return _arrive(asset)
    except Asset.DoesNotExist:
        get_store().delete(asset.key)
        raise


def _arrive(asset: Asset) -> Asset:
    store = get_store()
    try:
        size_bytes = store.size(asset.key)
        head = b"".join(store.read(asset.key, 0, HEAD_BYTES))
    except ObjectNotFound:
        return _already_refused(asset)
    refusal = _refusal(asset, size_bytes, head)
    if refusal:
        return _refuse(asset, size_bytes, *refusal)
    # What a font is called only its file can tell.
    described = asset.described_by_sender and asset.kind != Kind.FONT
    return _receive(asset, size_bytes, Status.READY if described else Status.PROCESSING)


def cancel(*, asset: Asset) -> None:
    """Give up an upload that is not complete."""
    give_up(asset=asset, code="cancelled", message="The upload was cancelled by its sender.")


def give_up(*, asset: Asset, code: JobErrorCode, message: str) -> bool:
    """Fail a pending asset and free what has come of it; whether it still was pending."""
    with transaction.atomic():
        error = {"code": code, "message": message}
        if not _pending(asset).update(status=Status.FAILED, error=error):
            return False
        tell(asset)
    # Only now: had the last byte come in between, this would throw a received file away.
    get_store().cancel_upload(asset.upload_session)
    return True


def tell(asset: Asset) -> None:
    """Record `asset.ready` or `asset.failed`, whichever the row now says, in the caller's transaction."""
    asset.refresh_from_db()
    data = {"asset": AssetOut.of(asset).model_dump(mode="json")}
    record(workspace_id=asset.workspace_id, type=f"asset.{asset.status}", data=data)


def notice_arrivals() -> int:
    """Find the uploads whose bytes are all there without our having been told; how many that were.

    They went straight to a bucket, or the process that took the last byte died before it could write that down.
    """
    pending = Asset.objects.filter(status=Status.PENDING)
    arrived = [asset for asset in pending if get_store().exists(asset.key)]
    for asset in arrived:
        with suppress(Asset.DoesNotExist):
            arrive(asset=asset)
    return len(arrived)


def _pending(asset: Asset) -> QuerySet[Asset]:
    return Asset.objects.filter(id=asset.id, status=Status.PENDING)


def _refusal(asset: Asset, size_bytes: int, head: bytes) -> tuple[JobErrorCode, str] | None:
    if size_bytes > settings.FRAMELANE_SOURCE_MAX_BYTES:
        limit_bytes = settings.FRAMELANE_SOURCE_MAX_BYTES
        return "source_too_large", f"The file has {size_bytes} bytes; at most {limit_bytes} are accepted."
    if asset.kind not in sniff(head):
        return "invalid_source", f"The file does not begin like {asset.content_type}."
    return None


def _already_refused(asset: Asset) -> Asset:
    """What another request has made of the asset whose object is gone. Raises ObjectNotFound when that was nothing."""
    asset.refresh_from_db()
    if asset.received_at is None:
        raise ObjectNotFound(asset.key)
    return asset


def _refuse(asset: Asset, size_bytes: int, code: JobErrorCode, message: str) -> Asset:
    with transaction.atomic():
        error = {"code": code, "message": message}
        changed = _pending(asset).update(
            status=Status.FAILED, error=error, size_bytes=size_bytes, received_at=clock.now()
        )
        if changed:
            tell(asset)
            # Nobody may use it, and nobody should be able to download it from here.
            transaction.on_commit(lambda: get_store().delete(asset.key))
    asset.refresh_from_db()
    return asset


def _receive(asset: Asset, size_bytes: int, status: Status) -> Asset:
    now = clock.now()
    with transaction.atomic():
        changed = _pending(asset).update(status=status, size_bytes=size_bytes, received_at=now, probe_due_at=now)
        if changed and status == Status.READY:
            tell(asset)
        if changed:
            hint("apps.uploads.tasks.probe_asset", asset.id, queue="io")
    asset.refresh_from_db()
    if asset.received_at is None:
        # It was given up while its last byte came in.
        get_store().delete(asset.key)
    return asset
