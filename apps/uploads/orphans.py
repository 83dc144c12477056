"""Objects that no row names, and rows whose object is gone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import groupby

from apps.uploads.holders import Garbage, Named, named_by_others, user_of
from apps.uploads.imports.lifecycle import folder_of
from apps.uploads.models import Asset, Import, ImportStatus, Status
from apps.workspaces.models import Erasure, Workspace
from framelane.lib import clock
from framelane.lib.storage import StoredObject, get_store
from framelane.lib.storage.keys import workspace_of

ORPHANED_AFTER_S = 48 * 3600
"""How old an object must be: its row may be written after it, and both within the life of a job or of an upload."""

LEFTOVERS_AFTER_S = 48 * 3600


@dataclass(frozen=True, slots=True)
class Missing:
    """An object that should be in the store and is not; `owner` is the row that names it."""

    owner: str
    key: str


def orphans() -> Iterator[Garbage]:
    """Old objects that no row names, of workspaces that are or were ours.

    Objects of a workspace that was never here belong to another installation, or to another copy of its database:
    they are left alone (`strangers`).
    """
    for workspace_id, held in _by_workspace():
        if _is_ours(workspace_id):
            for found in _unnamed(workspace_id, held):
                yield Garbage("orphan", found.key, found.size_bytes, partial(_delete_object, found.key))


def strangers() -> Iterator[StoredObject]:
    """Objects of workspaces that this installation has never heard of. They are reported, and never deleted."""
    for workspace_id, held in _by_workspace():
        if not _is_ours(workspace_id):
            yield from held


def leftover_sessions() -> Iterator[Garbage]:
    """Sessions and unfinished writes that nobody has touched for two days."""
    for left in get_store().leftovers(LEFTOVERS_AFTER_S):
        yield Garbage("leftover", left.key, left.size_bytes, partial(_discard, left.key))


def missing() -> Iterator[Missing]:
    """Rows whose object is gone."""
    for workspace_id in Workspace.objects.order_by("id").values_list("id", flat=True).iterator():
        expected = {named.key: named.owner for named in _named(workspace_id) if named.expected}
        if expected:
            held = {found.key for found in get_store().inventory(f"{workspace_id}/")}
            yield from (Missing(owner, key) for key, owner in sorted(expected.items()) if key not in held)


def _by_workspace() -> Iterator[tuple[str, Iterator[StoredObject]]]:
    return groupby(get_store().inventory(), key=lambda found: workspace_of(found.key))


def _is_ours(workspace_id: str) -> bool:
    known = Workspace.objects.filter(id=workspace_id).exists()
    return known or Erasure.objects.filter(workspace_id=workspace_id).exists()


def _unnamed(workspace_id: str, held: Iterable[StoredObject]) -> Iterator[StoredObject]:
    horizon = clock.now() - timedelta(seconds=ORPHANED_AFTER_S)
    old = [found for found in held if found.modified_at < horizon]
    if not old:
        return
    names = {named.key for named in _named(workspace_id)}
    for found in old:
        if not _is_named(found.key, names) and user_of(workspace_id, found.key, None) is None:
            yield found


def _is_named(key: str, names: set[str]) -> bool:
    """Whether one of the names is that of the object, or of a folder that it lies in."""
    parts = key.split("/")
    folders = ("/".join(parts[:depth]) + "/" for depth in range(1, len(parts)))
    return key in names or any(folder in names for folder in folders)


def _named(workspace_id: str) -> Iterator[Named]:
    # What has failed has no claim to its object: it was deleted then, or came after that.
    assets = Asset.objects.filter(workspace_id=workspace_id).exclude(status=Status.FAILED)
    for asset in assets.only("id", "key", "status").iterator():
        yield Named(asset.key, asset.id, expected=asset.status != Status.PENDING)
    for fetching in Import.objects.filter(workspace_id=workspace_id, status=ImportStatus.FETCHING).iterator():
        yield Named(folder_of(fetching), fetching.id)
    yield from named_by_others(workspace_id)


def _delete_object(key: str) -> bool:
    get_store().delete(key)
    return True


def _discard(name: str) -> bool:
    get_store().discard_leftover(name)
    return True
