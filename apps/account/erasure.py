"""Deleting a workspace and everything that belongs to it, so that it can be proven and survives every crash.

Objects, and the customer at Stripe, go before the rows that lead to them, and every row is counted in the transaction
that deletes it. Nothing is deleted while a worker may still be at a job. What a writer that was not seen puts back is
found by a second look.
"""

import logging
from collections.abc import Mapping

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from apps.account.tables import Table, tables
from apps.billing.stripe.erasure import forget_customer
from apps.events.hints import hint
from apps.jobs.selectors import has_live_worker
from apps.jobs.services.cancel import abandon_all
from apps.uploads.assets.services import close_uploads
from apps.workspaces import erasures
from apps.workspaces.models import Erasure, Membership, Workspace
from framelane.lib.storage import get_store

log = logging.getLogger(__name__)

BATCH_SIZE = 500
POLL_S = 5.0
"""How long to wait for workers that were told to stop, before looking again."""

_SPARE_S = 60


@transaction.atomic
def request_erasure(*, workspace: Workspace) -> Erasure:
    """Shut a workspace at once, and have it deleted soon. Doing it again changes nothing."""
    erasure = erasures.begin(workspace=workspace)
    abandon_all(workspace_id=workspace.id)
    hint("apps.account.tasks.erase", workspace.id, queue="io")
    return erasure


def hint_due() -> int:
    """Hint at the erasures that should go on; how many that were."""
    waiting = erasures.due()
    for workspace_id in waiting:
        hint("apps.account.tasks.erase", workspace_id, queue="io")
    return len(waiting)


def erase(*, workspace_id: str) -> None:
    """Go on with the erasure of a workspace, if that is due. Whatever fails is tried again later."""
    erasure = erasures.claim(workspace_id=workspace_id)
    if erasure is None:
        return
    try:
        _go_on(erasure)
    except Exception:
        # The edge of the process: whatever was away, the erasure must go on.
        log.exception("the erasure of %s failed and will be tried again", workspace_id)
        erasures.note_failure(erasure=erasure)


def second_look_s() -> float:
    """How long after the deletion to look again: as long as a writer that lost its rows can go on without noticing."""
    return max(2 * settings.FRAMELANE_JOB_LEASE_S, settings.FRAMELANE_FETCH_TIMEOUT_S + _SPARE_S)


def _go_on(erasure: Erasure) -> None:
    abandon_all(workspace_id=erasure.workspace_id)
    if has_live_worker(erasure.workspace_id):
        erasures.postpone(erasure=erasure, seconds=POLL_S)
        return
    workspace = Workspace.objects.filter(id=erasure.workspace_id).first()
    close_uploads(workspace_id=erasure.workspace_id)
    found = _delete_objects(erasure)
    if workspace is not None:
        # Before the rows that lead there: nobody pays for what is no more.
        forget_customer(workspace)
    _delete_people(erasure)
    for table in tables():
        _delete_rows(erasure, table)
    if workspace is None and not found:
        erasures.complete(erasure=erasure)
    else:
        erasures.postpone(erasure=erasure, seconds=second_look_s())


def _delete_objects(erasure: Erasure) -> int:
    """How many there were. Raises StorageError, OSError; what is gone by then is counted."""
    store, folder, total, counted = get_store(), f"{erasure.workspace_id}/", 0, 0
    try:
        for key in store.list(folder):
            store.delete(key)
            total += 1
            if total - counted == BATCH_SIZE:
                erasures.note_objects(erasure=erasure, count=BATCH_SIZE)
                counted = total
    finally:
        erasures.note_objects(erasure=erasure, count=total - counted)
    # A folder keeps its empty subfolders.
    store.delete_prefix(folder)
    return total


@transaction.atomic
def _delete_people(erasure: Erasure) -> None:
    """Delete the accounts that have no other workspace; those of the installation's own staff stay."""
    members = Membership.objects.filter(workspace_id=erasure.workspace_id).values("user")
    elsewhere = Membership.objects.exclude(workspace_id=erasure.workspace_id).values("user")
    leaving = User.objects.select_for_update().filter(id__in=members, is_staff=False, is_superuser=False)
    user_ids = list(leaving.exclude(id__in=elsewhere).values_list("id", flat=True))
    if user_ids:
        erasures.note_rows(erasure=erasure, deleted=_by_table(User.objects.filter(id__in=user_ids).delete()[1]))


def _delete_rows(erasure: Erasure, table: Table) -> None:
    while _delete_batch(erasure, table):
        pass


@transaction.atomic
def _delete_batch(erasure: Erasure, table: Table) -> bool:
    """False when there was nothing left."""
    keys = list(table.rows(erasure.workspace_id).values_list("pk", flat=True)[:BATCH_SIZE])
    if not keys:
        return False
    deleted = table.model._base_manager.filter(pk__in=keys).delete()[1]
    erasures.note_rows(erasure=erasure, deleted=_by_table(deleted))
    return True


def _by_table(deleted: Mapping[str, int]) -> dict[str, int]:
    """Counts by the names of tables instead of models."""
    return {apps.get_model(label)._meta.db_table: count for label, count in deleted.items() if count}
