"""What every store can do, whatever it keeps its objects in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

BLOCK_BYTES = 256 * 1024
"""What is read or written at a time, and the granularity of a resumable upload: every append but an upload's last one
holds a multiple of it on stores that ask for that."""


class StorageError(Exception):
    """The store could not do what was asked. Subclasses say why; the bare class means that it was unreachable."""


class ObjectNotFound(StorageError):
    """No object has this key."""


class SessionGone(StorageError):
    """The upload session was finished, cancelled or thrown away."""


class OffsetMismatch(StorageError):
    """The bytes offered do not continue what the session holds."""

    def __init__(self, offered: int, held: int) -> None:
        super().__init__(f"bytes offered from {offered} on; the session holds {held} bytes")
        self.offered_bytes = offered
        self.held_bytes = held


@dataclass(frozen=True, slots=True)
class ObjectStat:
    """Facts about a stored object. `etag` is a quoted strong validator: another content has another one."""

    size_bytes: int
    content_type: str
    etag: str
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What an inventory says of an object; of leftovers, `key` is the store's own name for them."""

    key: str
    size_bytes: int
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class UploadSession:
    """A resumable upload: the key it will become, and the store's own handle (secret, at most 2,048 characters)."""

    key: str
    handle: str


class Store(Protocol):
    """Objects under validated keys (`framelane.lib.storage.keys`); every method raises InvalidKey for another name.

    An object appears whole or not at all; writing to a key that exists replaces it. All sizes and offsets are bytes.
    """

    accepts_uploads_itself: bool
    """Whether clients send an upload's bytes to the session's handle, a URL, instead of through this product."""

    def put_file(self, key: str, path: Path, content_type: str) -> ObjectStat:
        """Store a copy of the file. Raises FileNotFoundError when there is none."""

    def fetch(self, key: str, path: Path) -> None:
        """Write the object to `path`, replacing what is there.

        The file may be the object itself under a second name: read it, never write to it. Raises ObjectNotFound.
        """

    def stat(self, key: str) -> ObjectStat:
        """Raises ObjectNotFound."""

    def size(self, key: str) -> int:
        """Raises ObjectNotFound."""

    def exists(self, key: str) -> bool: ...

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Blocks of at most BLOCK_BYTES, from `start` on, `length` bytes in all or to the end.

        Raises ObjectNotFound at once, not at the first block.
        """

    def delete(self, key: str) -> None:
        """Nothing happens when there is no such object."""

    def list(self, prefix: str) -> Iterator[str]:
        """The keys in the folder `prefix` (which ends in a slash), however deep, in ascending order."""

    def inventory(self, prefix: str | None = None) -> Iterator[StoredObject]:
        """Every object of the store, or of a folder; those of a workspace come one after the other.

        What others keep in the same place, under names that are no keys, is left out.
        """

    def delete_prefix(self, prefix: str) -> int:
        """Delete everything in the folder; how many objects that were."""

    def signed_url(self, key: str, expires_in_s: int, filename: str | None = None) -> str:
        """A URL that anybody may GET for so long; with `filename`, browsers save it under that name."""

    def start_upload(self, key: str, content_type: str, origin: str | None = None) -> UploadSession:
        """Open a resumable upload; `origin` is the browser origin that will send it."""

    def upload_offset(self, session: UploadSession) -> int:
        """How many bytes the session holds. Raises SessionGone."""

    def append(self, session: UploadSession, offset: int, blocks: Iterable[bytes], total: int | None = None) -> int:
        """Write `blocks` from `offset` on, keeping each as it comes; how many bytes the session holds then.

        `total` is the size of the whole object, where known. An exception out of `blocks` leaves what came before it
        stored. Of two writers at once one goes on and the other gets OffsetMismatch. Raises SessionGone.
        """

    def finish_upload(self, session: UploadSession, total: int) -> ObjectStat:
        """Turn the session into the object. Raises OffsetMismatch unless it holds `total` bytes, SessionGone."""

    def cancel_upload(self, session: UploadSession) -> None:
        """Throw the session's bytes away. Nothing happens when it is gone."""

    def leftovers(self, untouched_for_s: int) -> Iterator[StoredObject]:
        """Sessions and unfinished writes that nobody has touched for so long."""

    def discard_leftover(self, name: str) -> None:
        """Delete what `leftovers` has named. Nothing happens when it is gone."""
