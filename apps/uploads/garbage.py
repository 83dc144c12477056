"""Collecting garbage: everything that may be deleted is found first, by reason, and then deleted or only shown."""

import logging
from collections.abc import Iterable, Iterator

from apps.uploads.holders import Garbage, garbage_of_others
from apps.uploads.orphans import leftover_sessions, orphans
from apps.uploads.retention import abandoned_uploads, expired_assets
from framelane.lib.storage import StorageError

log = logging.getLogger(__name__)


def find_expired() -> Iterator[Garbage]:
    """What is past its time. Cheap: the rows say so."""
    yield from abandoned_uploads()
    yield from expired_assets()
    yield from garbage_of_others()
    yield from leftover_sessions()


def find_garbage() -> list[Garbage]:
    """All that may be deleted now. Walks through the whole store."""
    return [*find_expired(), *orphans()]


def collect(garbage: Iterable[Garbage]) -> list[Garbage]:
    """Delete it; what really was deleted. What the store refuses, or a job began to use meanwhile, stays."""
    return [piece for piece in garbage if _delete(piece)]


def _delete(piece: Garbage) -> bool:
    try:
        return piece.delete()
    except (StorageError, OSError):
        log.exception("%s (%s) was not deleted", piece.name, piece.reason)
        return False
