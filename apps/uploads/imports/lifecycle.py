"""The life of an import: begun, held by a worker, and then stored as an asset, failed, or tried again later.

Every move names the attempt that makes it: once the lease has gone to somebody else, a worker changes nothing.
"""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta
from functools import cache
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from apps.events.hints import hint
from apps.events.services import record
from apps.uploads.imports.schemas import ImportRequest
from apps.uploads.media_types import kinds_by_type
from apps.uploads.models import Asset, Import, ImportStatus, Status
from apps.uploads.selectors import is_own_url
from apps.uploads.services import clean_filename, tell
from apps.workspaces.models import Workspace
from apps.workspaces.services import lock_workspace
from framelane.api.errors import conflict, validation_error
from framelane.lib import clock
from framelane.lib.net import shown
from framelane.lib.storage import get_store
from framelane.lib.storage.content_types import EXTENSIONS, content_type_of
from gpu_tasks.errors import JobErrorCode
from gpu_tasks.timeline.problems import Problem

log = logging.getLogger(__name__)

QUEUE = "ingest"
FETCH = "apps.uploads.tasks.fetch_import"
ENDED = "import.ended"
"""An event within the platform: an import is stored or has failed. Clients hear of its asset instead."""

MAX_WAITING = 1000
"""Imports that clients of one workspace have asked for and that have not ended, at about the same time."""

MAX_ATTEMPTS = 4
RETRY_PAUSES_S = (5, 30, 120)
BATCH_SIZE = 500
KEPT_FOR_S = 24 * 3600
"""How long a finished copy is remembered at least, after which it can no longer save a download."""


# --- Begun ----------------------------------------------------------------------------------------------------------


def create_import(*, workspace: Workspace, request: ImportRequest) -> Import:
    """Begin what a client asks for.

    Raises ApiError 422 for an address of this installation's own media, 409 for one too many.
    """
    if is_own_url(request.url):
        message = "This file is here already: use its address as the source_url of renders and tasks."
        raise validation_error([Problem("/url", "own_url", message)])
    waiting = Import.objects.filter(workspace=workspace, requested=True, status=ImportStatus.FETCHING)
    if waiting.count() >= MAX_WAITING:
        raise conflict(f"This workspace has {MAX_WAITING} imports that have not come to an end. Wait for some of them.")
    return begin(workspace=workspace, url=request.url, filename=clean_filename(request.filename), requested=True)


@transaction.atomic
def begin(*, workspace: Workspace, url: str, filename: str = "", requested: bool = False) -> Import:
    """A new import of `url`, for a client (`requested`) or for jobs, and the word to the workers."""
    begun = Import(workspace=workspace, url=url, url_digest=digest_of(url), filename=filename, requested=requested)
    extension = PurePosixPath(filename or filename_in(url)).suffix.lower()[1:]
    # Only a guess: the file may turn out to be something else, and its asset then has another key.
    begun.key = f"{folder_of(begun)}{secrets.token_hex(8)}.{extension if extension in _known_extensions() else 'mp4'}"
    begun.due_at = clock.now()
    begun.save(force_insert=True)
    hint(FETCH, begun.id, queue=QUEUE)
    return begun


def digest_of(url: str) -> str:
    """SHA-256 of a URL, by which it is looked up."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def filename_in(url: str) -> str:
    """The last part of the URL's path as a filename; "" when there is none."""
    return clean_filename(unquote(urlsplit(url).path.rpartition("/")[2]))


@cache
def _known_extensions() -> frozenset[str]:
    return frozenset(extension for content_type in kinds_by_type() for extension in EXTENSIONS[content_type])


def folder_of(held: Import) -> str:
    """The folder of the store that the import's attempts write to, and no others."""
    return f"{held.workspace_id}/imports/{held.id}/"


# --- Held by a worker -----------------------------------------------------------------------------------------------


def claim(*, import_id: str) -> Import | None:
    """The import, leased to the caller; None when there is nothing to fetch or somebody else was faster.

    Neither is there when the workspace has as many under way as it may: the end of one of those calls the next.
    """
    if not _lease(import_id):
        return None
    held = Import.objects.select_related("workspace").filter(id=import_id).first()
    if held is None or held.workspace.erasure_requested_at is not None:
        return None
    if held.attempts <= MAX_ATTEMPTS:
        return held
    message = f"Fetching it was tried {MAX_ATTEMPTS} times, and the worker was lost or stopped every time."
    fail(held=held, code="ingest_failed", message=message)
    return None


@transaction.atomic
def _lease(import_id: str) -> bool:
    now = clock.now()
    due = Import.objects.filter(id=import_id, status=ImportStatus.FETCHING, due_at__lte=now)
    row = due.first()
    if row is None:
        return False
    try:
        # Two workers must not both take the last place.
        lock_workspace(workspace_id=row.workspace_id)
    except Workspace.DoesNotExist:
        return False
    if _under_way(row.workspace_id).count() >= settings.FRAMELANE_IMPORTS_AT_ONCE:
        return False
    return bool(due.update(due_at=_lease_end(), attempts=F("attempts") + 1, error=None))


def _under_way(workspace_id: str) -> QuerySet[Import]:
    """Imports that somebody is fetching: leased, and not between two attempts, when `error` tells of the last one."""
    leased = Import.objects.filter(status=ImportStatus.FETCHING, due_at__gt=clock.now(), attempts__gt=0)
    return leased.filter(workspace_id=workspace_id, error__isnull=True)


def extend(*, held: Import) -> bool:
    """Extend the lease; False when it is lost or nobody wants the file any more."""
    return bool(mine(held).update(due_at=_lease_end()))


def give_back(*, held: Import) -> None:
    """Let another worker begin at once, because this one is to stop. It costs the import no attempt."""
    if mine(held).update(due_at=clock.now(), attempts=F("attempts") - 1):
        hint(FETCH, held.id, queue=QUEUE)


def try_again(*, held: Import, code: JobErrorCode, message: str) -> None:
    """Postpone the import after a failure that may pass, or fail it when that was the last attempt."""
    if held.attempts >= MAX_ATTEMPTS:
        fail(held=held, code=code, message=message)
        return
    pause = timedelta(seconds=RETRY_PAUSES_S[held.attempts - 1])
    log.warning("%s: attempt %d failed, trying again: %s", held.id, held.attempts, message)
    mine(held).update(due_at=clock.now() + pause, error={"code": code, "message": message})


def hint_due() -> int:
    """Hint at the imports that are due, because their message or their worker was lost; how many that were.

    Of each workspace no more than may be under way: a thousand of one must not hide the few of the others.
    """
    in_turn = Window(RowNumber(), partition_by="workspace_id", order_by=["due_at", "id"])
    waiting = Import.objects.filter(due_at__lte=clock.now()).annotate(turn=in_turn)
    due = waiting.filter(turn__lte=settings.FRAMELANE_IMPORTS_AT_ONCE).order_by("turn", "due_at", "id")
    return _hint_each(due[:BATCH_SIZE])


def hint_next(*, workspace_id: str) -> int:
    """Hint at those of a workspace that may have been refused because it had too many under way; how many."""
    waiting = Import.objects.filter(workspace_id=workspace_id, due_at__lte=clock.now()).order_by("due_at", "id")
    return _hint_each(waiting[: settings.FRAMELANE_IMPORTS_AT_ONCE])


def _hint_each(rows: QuerySet[Import]) -> int:
    import_ids = list(rows.values_list("id", flat=True))
    for import_id in import_ids:
        # The next sweep hints again: a long queue must not grow by its own repetitions.
        hint(FETCH, import_id, queue=QUEUE, expires_s=15)
    return len(import_ids)


# --- Ended ----------------------------------------------------------------------------------------------------------


def fail(*, held: Import, code: JobErrorCode, message: str) -> bool:
    """End the import without a file; what a client asked for becomes a failed asset. False when it is lost."""
    error = {"code": code, "message": _named(held.url, message)}
    with transaction.atomic():
        ended = {"status": ImportStatus.FAILED, "error": error, "due_at": None, "ended_at": clock.now()}
        if not mine(held).update(**ended):
            return False
        if held.requested:
            asset = _failed_asset(held, error)
            Import.objects.filter(id=held.id).update(asset=asset)
            tell(asset)
        announce(held)
    if held.attempts > 1:
        get_store().delete_prefix(folder_of(held))
    return True


def discard_old() -> int:
    """Forget copies for jobs that can save nobody a download any more; their assets stay. How many those were."""
    horizon = clock.now() - timedelta(seconds=max(KEPT_FOR_S, settings.FRAMELANE_COPY_REUSE_S))
    old = Import.objects.filter(requested=False, ended_at__lt=horizon, uses__isnull=True)
    oldest = old.order_by("ended_at").values_list("id", flat=True)[:BATCH_SIZE]
    deleted = old.filter(id__in=list(oldest)).delete()[1]
    return deleted.get(Import._meta.label, 0)


def mine(held: Import) -> QuerySet[Import]:
    """The row, as long as the attempt `held` has it."""
    return Import.objects.filter(id=held.id, attempts=held.attempts, status=ImportStatus.FETCHING)


def _lease_end() -> datetime:
    return clock.now() + timedelta(seconds=settings.FRAMELANE_JOB_LEASE_S)


def announce(held: Import) -> None:
    """Tell the jobs that wait for it, in the caller's transaction, that the import has ended."""
    record(workspace_id=held.workspace_id, type=ENDED, data={"import": {"id": held.id}})


def _named(url: str, message: str) -> str:
    """The message, naming the address that the client knows: after redirects it may speak of another one only."""
    return message if shown(url) in message else f"{shown(url)}: {message}"


def _failed_asset(held: Import, error: dict[str, str]) -> Asset:
    """What lists and events show of an import that failed; its kind is what the address promised."""
    content_type = content_type_of(held.key)
    return Asset.objects.create(
        workspace_id=held.workspace_id,
        key=held.key,
        kind=kinds_by_type()[content_type],
        status=Status.FAILED,
        content_type=content_type,
        filename=held.filename or filename_in(held.url),
        error=error,
        source=held.url,
        expires_at=clock.now(),
    )
