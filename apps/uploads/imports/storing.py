"""Makes a fetched file an asset of its workspace, or points at the asset that holds the same bytes already."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.db import transaction
from django.db.models import QuerySet

from apps.uploads.imports.lifecycle import announce, folder_of, mine
from apps.uploads.models import Asset, Import, ImportStatus, Status
from apps.uploads.services import tell
from apps.workspaces.models import Workspace
from apps.workspaces.services import lock_workspace
from framelane.lib import clock
from framelane.lib.storage import StorageError, get_store
from gpu_tasks.timeline.sources import SourceInfo

_EXTENSIONS = {
    "mp4": ("mp4", "m4v", "m4a", "m4b"),
    "mov": ("mov", "qt"),
    "webm": ("webm",),
    "matroska": ("mkv",),
    "avi": ("avi",),
    "mpeg": ("mpg", "mpeg", "vob"),
    "mpegts": ("ts", "m2ts"),
    "mp3": ("mp3",),
    "aac": ("aac",),
    "wav": ("wav",),
    "flac": ("flac",),
    "ogg": ("ogg", "oga", "opus"),
    "png": ("png",),
    "jpeg": ("jpg", "jpeg"),
    "webp": ("webp",),
    "gif": ("gif",),
    "tiff": ("tiff", "tif"),
    "ttf": ("ttf",),
    "otf": ("otf",),
    "woff": ("woff",),
    "woff2": ("woff2",),
}
"""Format of the probe → extensions that a file of it may have, the usual one first."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was fetched and examined; `sha256` has 64 hexadecimal digits."""

    path: Path
    sha256: str
    filename: str
    info: SourceInfo


class _Lost(Exception):
    """Somebody else has the import by now, or nobody wants it any more."""


def store(*, held: Import, found: Found) -> bool:
    """Make the file an asset, or point at the one of the workspace that has this content. False when it is lost.

    Raises StorageError, OSError.
    """
    known = list(_same_content(held, found))
    same = next((asset for asset in known if get_store().exists(asset.key)), None)
    if same is not None:
        return _conclude(held, same)
    key = _key_of_attempt(held, found.info)
    get_store().put_file(key, found.path, found.info.content_type)
    # What was found above has lost its object; what comes now is of another import that was faster.
    rivals = _same_content(held, found).exclude(id__in=[asset.id for asset in known])
    is_stored = _conclude(held, _asset(held, found, key), rivals)
    _discard_unused(held, key)
    return is_stored


def _conclude(held: Import, asset: Asset, rivals: QuerySet[Asset] | None = None) -> bool:
    """Point the import at `asset`, or at a rival that was there first; False when the import is lost.

    Raises StorageError when the asset that held the same bytes is there no longer.
    """
    try:
        with transaction.atomic():
            # Of two imports of one content at once, the second one sees here what the first has made.
            _lock_workspace(held)
            asset = (rivals.first() if rivals is not None else None) or asset
            is_new = asset._state.adding
            if is_new:
                asset.save(force_insert=True)
            elif not Asset.objects.select_for_update().filter(id=asset.id, status=Status.READY).exists():
                raise StorageError(f"{asset.id} was deleted meanwhile")
            ended = {"status": ImportStatus.STORED, "asset": asset, "due_at": None, "ended_at": clock.now()}
            if not mine(held).update(**ended):
                raise _Lost
            if is_new or held.requested:
                tell(asset)
            announce(held)
    except _Lost:
        return False
    return True


def _lock_workspace(held: Import) -> None:
    """Raises _Lost when the workspace is being erased, or is there no longer."""
    try:
        workspace = lock_workspace(workspace_id=held.workspace_id)
    except Workspace.DoesNotExist:
        raise _Lost from None
    if workspace.erasure_requested_at is not None:
        raise _Lost


def _discard_unused(held: Import, key: str) -> None:
    """Remove what this attempt stored for nothing, and what earlier ones did before they died."""
    stored = {key} if held.attempts == 1 else set(get_store().list(folder_of(held)))
    used = Asset.objects.filter(key__in=stored).values_list("key", flat=True)
    for unused in stored.difference(used):
        get_store().delete(unused)


def _same_content(held: Import, found: Found) -> QuerySet[Asset]:
    """Assets of the workspace, and never of another, that hold exactly these bytes; the oldest first."""
    same = Asset.objects.filter(workspace_id=held.workspace_id, sha256=found.sha256, status=Status.READY)
    return same.order_by("created_at", "id")


def _key_of_attempt(held: Import, info: SourceInfo) -> str:
    """The promised key where its extension fits and this is the first attempt, else one beside it.

    Each attempt has a key of its own, so that who has lost the import can take back what nobody else uses.
    """
    path = PurePosixPath(held.key)
    fitting = _EXTENSIONS[info.format]
    usual = "m4a" if (info.format, info.kind) == ("mp4", "audio") else fitting[0]
    extension = path.suffix[1:] if path.suffix[1:] in fitting else usual
    stem = path.stem if held.attempts == 1 else f"{path.stem}-{held.attempts}"
    return str(path.with_name(f"{stem}.{extension}"))


def _asset(held: Import, found: Found, key: str) -> Asset:
    """A ready asset, not saved yet."""
    info, now = found.info, clock.now()
    return Asset(
        workspace_id=held.workspace_id,
        key=key,
        kind=info.kind,
        status=Status.READY,
        content_type=info.content_type,
        filename=found.filename,
        size_bytes=info.size_bytes,
        duration=None if info.duration_s is None else float(info.duration_s),
        width=info.width or None,
        height=info.height or None,
        info=info.as_json(),
        source=held.url,
        sha256=found.sha256,
        expires_at=now,
        received_at=now,
    )
