"""Resumable uploads on a local disk.

A session is a folder with the bytes that have come so far. Their number on disk is the offset: nothing else is written
down, so nothing can disagree with it after a crash. Every block is appended under the folder's lock, and only where the
file still ends where the writer left it: of two writers on one session one stops, and their bytes never mix.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from framelane.lib.storage.base import OffsetMismatch, SessionGone, StoredObject

_DATA = "data"


class LocalSessions:
    """The sessions in the folder `root`, which lies on the same file system as the objects they become."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def create(self) -> str:
        """A new, empty session; 32 hexadecimal digits."""
        handle = secrets.token_hex(16)
        folder = self._root / handle
        folder.mkdir(mode=0o700, parents=True)
        (folder / _DATA).touch(mode=0o600)
        return handle

    def size(self, handle: str) -> int:
        """Bytes held. Raises SessionGone."""
        try:
            return (self._folder(handle) / _DATA).stat().st_size
        except FileNotFoundError:
            raise SessionGone(handle) from None

    def append(self, handle: str, offset: int, blocks: Iterable[bytes]) -> int:
        """Append each block as it comes; bytes held at the end. Raises OffsetMismatch, SessionGone."""
        self._expect(offset, self.size(handle))
        for block in blocks:
            offset = self._append_block(handle, offset, block)
        return offset

    def finish(self, handle: str, total: int, target: Path) -> None:
        """Make the session's bytes the file `target`, durably. Raises OffsetMismatch, SessionGone."""
        with self._locked(handle) as data:
            self._expect(total, data.stat().st_size)
            with data.open("rb") as file:
                os.fsync(file.fileno())
            os.replace(data, target)
        shutil.rmtree(self._folder(handle), ignore_errors=True)

    def cancel(self, handle: str) -> None:
        """Delete the session's bytes; the next block of a writer at work raises SessionGone."""
        shutil.rmtree(self._folder(handle), ignore_errors=True)

    def held(self) -> Iterator[StoredObject]:
        """Every session by its folder's name and its handle, with the time at which its last byte came."""
        for data in sorted(self._root.glob(f"*/{_DATA}")):
            try:
                facts = data.stat()
            except FileNotFoundError:
                # Finished or cancelled meanwhile.
                continue
            name = f"{self._root.name}/{data.parent.name}"
            yield StoredObject(name, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))

    def _append_block(self, handle: str, offset: int, block: bytes) -> int:
        with self._locked(handle) as data, data.open("r+b", buffering=0) as file:
            self._expect(offset, file.seek(0, os.SEEK_END))
            view = memoryview(block)
            while view:
                view = view[file.write(view) :]
        return offset + len(block)

    @contextmanager
    def _locked(self, handle: str) -> Iterator[Path]:
        folder = self._folder(handle)
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            raise SessionGone(handle) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            data = folder / _DATA
            # Finished or cancelled while this writer waited for the lock.
            if not data.exists():
                raise SessionGone(handle)
            yield data
        finally:
            os.close(lock)

    def _folder(self, handle: str) -> Path:
        if len(handle) != 32 or not set(handle) <= set("0123456789abcdef"):
            raise SessionGone(handle)
        return self._root / handle

    @staticmethod
    def _expect(offered: int, held: int) -> None:
        if offered != held:
            raise OffsetMismatch(offered, held)
