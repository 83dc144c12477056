"""A worker's attempt at an import: fetch, look, examine, store.

The file goes to the scratch folder first and is examined there, in a bounded child, before it reaches the store. A
second thread keeps the lease meanwhile; when that is lost, the work stops at the next block and leaves nothing behind.
"""

import hashlib
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

from celery.signals import worker_shutting_down
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from apps.uploads.imports import lifecycle
from apps.uploads.imports.disposition import filename_of
from apps.uploads.imports.selectors import is_held
from apps.uploads.imports.share_links import MAX_PAGE_BYTES, confirmed_url, direct_url, is_page, rerouted, what_to_do
from apps.uploads.imports.storing import Found, store
from apps.uploads.media_types import HEAD_BYTES, sniff
from apps.uploads.models import Import
from apps.uploads.probing import Failure, Inconclusive, run_probe
from apps.uploads.samples import sample_at
from framelane.lib.net import Download, FetchFailed, Policy, Refused, download, shown
from framelane.lib.storage import StorageError
from gpu_tasks.timeline.sources import SourceInfo

log = logging.getLogger(__name__)

MAX_PAGES = 2
"""How many pages that ask for a confirmation are followed."""

_FOLDER_PREFIX = "fetch-"
_shutting_down = Event()

Settle = Callable[[], object]


class Stopped(Exception):
    """The lease is lost, nobody wants the file any more, or this worker is to stop."""


class Unusable(Exception):
    """The file cannot be used; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@worker_shutting_down.connect
def note_shutdown(**_: Any) -> None:
    """SIGTERM has reached the worker: its threads are to give back what they are fetching."""
    _shutting_down.set()


def fetch_import(*, import_id: str) -> None:
    """Make an attempt at an import if one is due, and write down what came of it."""
    if _shutting_down.is_set() or (held := lifecycle.claim(import_id=import_id)) is None:
        return
    _attempt(held)()
    lifecycle.hint_next(workspace_id=held.workspace_id)


def _attempt(held: Import) -> Settle:
    """Do the work and clean up; returns how to write down what came out, where that is not written yet."""
    try:
        with _folder(held) as folder, Lease(held) as lease:
            store(held=held, found=_found(held, folder, lease))
    except Stopped:
        return partial(lifecycle.give_back, held=held) if _shutting_down.is_set() else _nothing
    except Unusable as unusable:
        code, message = unusable.failure.code, unusable.failure.message
        return partial(lifecycle.fail, held=held, code="ingest_failed" if code == "internal" else code, message=message)
    except FetchFailed as failure:
        settle = lifecycle.try_again if failure.retryable else lifecycle.fail
        return partial(settle, held=held, code=failure.code, message=failure.message)
    except (StorageError, OSError, Inconclusive):
        log.exception("%s: attempt %d broke", held.id, held.attempts)
        message = "The file could not be examined and stored here."
        return partial(lifecycle.try_again, held=held, code="ingest_failed", message=message)
    return _nothing


def _nothing() -> None:
    pass


# --- The file -------------------------------------------------------------------------------------------------------


def _found(held: Import, folder: Path, lease: "Lease") -> Found:
    """Fetch and examine. Raises FetchFailed, Unusable, Inconclusive, Stopped, OSError."""
    path = folder / "source"
    fetched = _fetched(held.url, path, lease)
    info = _examined(path, folder)
    lease.check()
    filename = held.filename or filename_of(fetched.headers) or lifecycle.filename_in(fetched.url)
    return Found(path=path, sha256=fetched.sha256, filename=filename, info=info)


def _fetched(url: str, path: Path, lease: "Lease") -> Download:
    """Fetch the file behind `url`, which may be a share link, to `path`. Raises FetchFailed, Stopped, OSError."""
    place: str | None = direct_url(url)
    for _ in range(MAX_PAGES + 1):
        if place is None:
            break
        fetched = _download(place, path, lease)
        if not _is_page(path, fetched):
            return fetched
        place = confirmed_url(url, _beginning(path, MAX_PAGE_BYTES + 1))
    raise Refused(f"{shown(url)} was answered with a web page and not with a file. {what_to_do(url)}")


def _download(url: str, path: Path, lease: "Lease") -> Download:
    if (sample := sample_at(url)) is not None:
        content = sample.read_bytes()
        path.write_bytes(content)
        return Download(url, len(content), {}, hashlib.sha256(content).hexdigest())
    return download(
        rerouted(url, settings.FRAMELANE_SHARE_BASES),
        path,
        settings.FRAMELANE_SOURCE_MAX_BYTES,
        settings.FRAMELANE_FETCH_TIMEOUT_S,
        policy=Policy(allow=settings.FRAMELANE_NET_ALLOW),
        on_bytes=lambda received, total: lease.check(),
    )


def _is_page(path: Path, fetched: Download) -> bool:
    head = _beginning(path, HEAD_BYTES)
    says_so = fetched.headers.get("content-type", "").partition(";")[0].strip().lower() == "text/html"
    return is_page(head) or (says_so and not sniff(head))


def _beginning(path: Path, size_bytes: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size_bytes)


def _examined(path: Path, folder: Path) -> SourceInfo:
    """What the file is by its content, whatever its name and its server say. Raises Unusable, Inconclusive."""
    if not sniff(_beginning(path, HEAD_BYTES)):
        raise Unusable(Failure("invalid_source", "The file is no video, audio, image or font that can be used here."))
    finding = run_probe(path, folder)
    if isinstance(finding, Failure):
        raise Unusable(finding)
    return finding


# --- Around it ------------------------------------------------------------------------------------------------------


@contextmanager
def _folder(held: Import) -> Iterator[Path]:
    """An empty scratch folder of this attempt, gone with everything in it when the block ends."""
    prefix = f"{_FOLDER_PREFIX}{held.id}-{held.attempts}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=settings.FRAMELANE_SCRATCH, ignore_cleanup_errors=True) as name:
        yield Path(name)


def discard_leftovers() -> int:
    """Remove the folders of attempts that were killed on this machine; how many those were."""
    stale = [folder for folder in settings.FRAMELANE_SCRATCH.glob(f"{_FOLDER_PREFIX}*") if not _is_in_use(folder)]
    for folder in stale:
        shutil.rmtree(folder, ignore_errors=True)
    return len(stale)


def _is_in_use(folder: Path) -> bool:
    import_id, _, rest = folder.name.removeprefix(_FOLDER_PREFIX).partition("-")
    attempt = rest.partition("-")[0]
    return attempt.isdecimal() and is_held(import_id, int(attempt))


class Lease(Thread):
    """Keeps the lease of an import as long as its block runs, and notices when it is lost."""

    def __init__(self, held: Import) -> None:
        super().__init__(name=f"lease {held.id}", daemon=True)
        self._held = held
        self._over = Event()
        self._is_lost = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        self.join()

    def check(self) -> None:
        """Raises Stopped when there is no point in going on."""
        if self._is_lost or _shutting_down.is_set():
            raise Stopped

    def run(self) -> None:
        try:
            while not self._over.wait(settings.FRAMELANE_JOB_HEARTBEAT_S):
                self._extend()
        finally:
            connection.close()

    def _extend(self) -> None:
        try:
            self._is_lost = self._is_lost or not lifecycle.extend(held=self._held)
        except (OperationalError, InterfaceError):
            # The lease lasts for some more beats; the database may be back by then.
            log.exception("%s: the lease could not be extended", self._held.id)
            connection.close()
