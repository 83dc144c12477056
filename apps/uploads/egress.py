"""Counts what is given out of a workspace's media, in bytes a day (UTC)."""

import logging
from collections.abc import Iterator
from datetime import date

from django.db import DatabaseError, transaction
from django.db.models import F, Sum

from apps.uploads.models import EgressDay
from apps.workspaces.models import Workspace
from framelane.lib import clock
from framelane.lib.storage import get_store

log = logging.getLogger(__name__)


UNCOUNTED_FOLDERS = frozenset({"previews"})
"""What this platform makes for its own pages."""


def is_counted(key: str) -> bool:
    """Whether giving an object out is its workspace's traffic."""
    return key.split("/")[1] not in UNCOUNTED_FOLDERS


class Counted:
    """Blocks of an object of a workspace on their way out; what has gone is written down when they are closed."""

    def __init__(self, blocks: Iterator[bytes], workspace_id: str) -> None:
        self._blocks = blocks
        self._workspace_id = workspace_id
        self._sent_bytes = 0

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self._sent_bytes += len(block)
            yield block

    def close(self) -> None:
        getattr(self._blocks, "close", lambda: None)()
        sent_bytes, self._sent_bytes = self._sent_bytes, 0
        note_delivery(workspace_id=self._workspace_id, size_bytes=sent_bytes)


def note_delivery(*, workspace_id: str, size_bytes: int) -> None:
    """Add to what was given out today. What cannot be counted is logged: nobody's download fails for it."""
    if size_bytes <= 0:
        return
    try:
        _add(workspace_id, size_bytes)
    except DatabaseError:
        log.exception("%d bytes given out of %s were not counted", size_bytes, workspace_id)


def note_redirect(*, workspace_id: str, size_bytes: int | None) -> None:
    """Count a whole object to which a client was sent. Only with a bucket: what a folder gives out counts itself."""
    if get_store().accepts_uploads_itself:
        note_delivery(workspace_id=workspace_id, size_bytes=size_bytes or 0)


def egress_bytes(*, workspace_id: str, start: date, end: date) -> int:
    """What was given out from `start` (inclusive) to `end` (exclusive), both days in UTC."""
    days = EgressDay.objects.filter(workspace_id=workspace_id, day__gte=start, day__lt=end)
    return int(days.aggregate(total=Sum("bytes"))["total"] or 0)


@transaction.atomic
def _add(workspace_id: str, size_bytes: int) -> None:
    day = clock.now().date()
    today = EgressDay.objects.filter(workspace_id=workspace_id, day=day)
    if today.update(bytes=F("bytes") + size_bytes):
        return
    # A link outlives its workspace, and whoever is gone has no sum.
    if Workspace.objects.filter(id=workspace_id).exists():
        EgressDay.objects.bulk_create([EgressDay(workspace_id=workspace_id, day=day, bytes=0)], ignore_conflicts=True)
        today.update(bytes=F("bytes") + size_bytes)
