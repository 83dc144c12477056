"""Apps above this one that know objects of the store: what they name, what they are using, what of it is over.

They register when they are ready, in every process alike.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from apps.uploads.models import Asset, CopyUse


@dataclass(frozen=True, slots=True)
class Named:
    """An object, or a folder (it ends in a slash), that the row `owner` names. An `expected` object has to be there."""

    key: str
    owner: str
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Garbage:
    """Something that may be deleted now, for `reason`. `delete` looks again first: False when it is still wanted."""

    reason: str
    name: str
    size_bytes: int
    delete: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Holder:
    """What an app answers. Workspaces are given by their ids.

    `named` lists what rows of a workspace name; `user_of` is the id of an unfinished job that reads the object of a
    key (with its asset, if it has one), or None; `garbage` finds what the app's own rules give up; `forget` deletes
    what the app has made of a job or an asset of a workspace, by its id, because its file goes. Raises StorageError.
    """

    named: Callable[[str], Iterable[Named]]
    user_of: Callable[[str, str, Asset | None], str | None]
    garbage: Callable[[], Iterable[Garbage]]
    forget: Callable[[str, str], None] = lambda workspace_id, subject_id: None


_holders: list[Holder] = []


def register(holder: Holder) -> None:
    """Ask `holder` too, from now on."""
    if holder not in _holders:
        _holders.append(holder)


def named_by_others(workspace_id: str) -> Iterator[Named]:
    """Everything that rows of the apps above name in a workspace."""
    for holder in _holders:
        yield from holder.named(workspace_id)


def user_of(workspace_id: str, key: str, asset: Asset | None) -> str | None:
    """The id of an unfinished job that reads the object, or waits for a copy that it has become; None for none."""
    if asset is not None and (waiting := CopyUse.objects.filter(source__asset=asset).first()) is not None:
        return waiting.waiter
    found = (holder.user_of(workspace_id, key, asset) for holder in _holders)
    return next((user for user in found if user is not None), None)


def garbage_of_others() -> Iterator[Garbage]:
    for holder in _holders:
        yield from holder.garbage()


def forget(workspace_id: str, subject_id: str) -> None:
    """Let the apps above delete what they have made of a job or an asset whose file goes. Raises StorageError."""
    for holder in _holders:
        holder.forget(workspace_id, subject_id)
