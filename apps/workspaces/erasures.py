"""The record of an erasure: when it was asked for, when to go on with it, and how much it has deleted."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from apps.workspaces.models import Erasure, Workspace
from framelane.lib import clock
from framelane.lib.pauses import growing_pause_s

LEASE_S = 900
"""How long nobody else goes on with an erasure that somebody is working on and has not been heard of."""

BATCH_SIZE = 100

_FIRST_RETRY_S = 5
_LONGEST_RETRY_S = 3600


@transaction.atomic
def begin(*, workspace: Workspace) -> Erasure:
    """From now on the workspace is being erased. Doing it again changes nothing."""
    now = clock.now()
    Workspace.objects.filter(id=workspace.id, erasure_requested_at=None).update(erasure_requested_at=now)
    return Erasure.objects.get_or_create(workspace_id=workspace.id, defaults={"requested_at": now, "due_at": now})[0]


def due() -> list[str]:
    """The ids of the workspaces whose erasure should go on, those that have waited longest first."""
    waiting = Erasure.objects.filter(completed_at=None, due_at__lte=clock.now())
    return list(waiting.order_by("due_at").values_list("workspace_id", flat=True)[:BATCH_SIZE])


def claim(*, workspace_id: str) -> Erasure | None:
    """The erasure, leased to this process; None when nothing is due or somebody else was faster."""
    now = clock.now()
    waiting = Erasure.objects.filter(workspace_id=workspace_id, completed_at=None, due_at__lte=now)
    if not waiting.update(due_at=now + timedelta(seconds=LEASE_S)):
        return None
    return Erasure.objects.get(workspace_id=workspace_id)


@transaction.atomic
def note_rows(*, erasure: Erasure, deleted: Mapping[str, int]) -> None:
    """Add to what was deleted, by table, in the transaction of the deletion, and keep the lease."""
    held = Erasure.objects.select_for_update().get(id=erasure.id)
    for table, count in deleted.items():
        held.rows_deleted[table] = held.rows_deleted.get(table, 0) + count
    held.due_at = _lease_end()
    held.save(update_fields=["rows_deleted", "due_at"])


def note_objects(*, erasure: Erasure, count: int) -> None:
    """Add to what was deleted from the store, and keep the lease."""
    Erasure.objects.filter(id=erasure.id).update(objects_deleted=F("objects_deleted") + count, due_at=_lease_end())


def postpone(*, erasure: Erasure, seconds: float) -> None:
    """Go on in so many seconds."""
    Erasure.objects.filter(id=erasure.id).update(due_at=clock.now() + timedelta(seconds=seconds))


def note_failure(*, erasure: Erasure) -> None:
    """Something was away: try again, after ever longer pauses."""
    pause_s = growing_pause_s(erasure.failures, first_s=_FIRST_RETRY_S, longest_s=_LONGEST_RETRY_S)
    Erasure.objects.filter(id=erasure.id).update(
        failures=F("failures") + 1, due_at=clock.now() + timedelta(seconds=pause_s)
    )


def complete(*, erasure: Erasure) -> None:
    """Nothing is left."""
    Erasure.objects.filter(id=erasure.id, completed_at=None).update(completed_at=clock.now())


def _lease_end() -> datetime:
    return clock.now() + timedelta(seconds=LEASE_S)
