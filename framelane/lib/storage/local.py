"""Objects as files in a folder: the store of a self-contained installation."""

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from framelane.lib import clock
from framelane.lib.storage.base import BLOCK_BYTES, ObjectNotFound, ObjectStat, StoredObject, UploadSession
from framelane.lib.storage.content_types import content_type_of
from framelane.lib.storage.keys import is_key, validate, validate_prefix
from framelane.lib.storage.links import MediaLinks
from framelane.lib.storage.sessions import LocalSessions

_SESSIONS, _DRAFTS = ".sessions", ".drafts"


class LocalStore:
    """A Store in the folder `root`. The content type of an object is what its key's extension stands for."""

    accepts_uploads_itself = False

    def __init__(self, root: Path, links: MediaLinks) -> None:
        self._root = root
        self._links = links
        # No key begins with a dot, so these two can never be taken for objects.
        self._sessions = LocalSessions(root / _SESSIONS)
        self._drafts = root / _DRAFTS

    def put_file(self, key: str, path: Path, content_type: str) -> ObjectStat:
        with path.open("rb") as source, self._draft() as draft:
            with draft.open("xb") as target:
                shutil.copyfileobj(source, target, BLOCK_BYTES)
                target.flush()
                os.fsync(target.fileno())
            os.replace(draft, self._prepared(key))
        self._make_durable(key)
        return self.stat(key)

    def fetch(self, key: str, path: Path) -> None:
        source = self._existing(key)
        path.unlink(missing_ok=True)
        try:
            os.link(source, path)
        except OSError:
            # Another file system, or one without hard links.
            shutil.copyfile(source, path)

    def stat(self, key: str) -> ObjectStat:
        facts = self._existing(key).stat()
        return ObjectStat(
            size_bytes=facts.st_size,
            content_type=content_type_of(key),
            etag=f'"{facts.st_ino:x}-{facts.st_mtime_ns:x}-{facts.st_size:x}"',
            modified_at=datetime.fromtimestamp(facts.st_mtime, UTC),
        )

    def size(self, key: str) -> int:
        return self._existing(key).stat().st_size

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        file = self._existing(key).open("rb")
        return _blocks(file, start, length)

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def list(self, prefix: str) -> Iterator[str]:
        folder = self._root / validate_prefix(prefix)
        yield from sorted(path.relative_to(self._root).as_posix() for path in _files(folder))

    def inventory(self, prefix: str | None = None) -> Iterator[StoredObject]:
        folders = [self._root / validate_prefix(prefix)] if prefix else sorted(self._root.glob("ws_*"))
        for folder in folders:
            for path in sorted(_files(folder)):
                yield from self._noted(path)

    def _noted(self, path: Path) -> Iterator[StoredObject]:
        key = path.relative_to(self._root).as_posix()
        if is_key(key):
            yield from _described(path, key)

    def delete_prefix(self, prefix: str) -> int:
        count = sum(1 for _ in self.list(prefix))
        shutil.rmtree(self._root / validate_prefix(prefix), ignore_errors=True)
        return count

    def signed_url(self, key: str, expires_in_s: int, filename: str | None = None) -> str:
        return self._links.signed(key, clock.now() + timedelta(seconds=expires_in_s), filename)

    def start_upload(self, key: str, content_type: str, origin: str | None = None) -> UploadSession:
        return UploadSession(validate(key), self._sessions.create())

    def upload_offset(self, session: UploadSession) -> int:
        return self._sessions.size(session.handle)

    def append(self, session: UploadSession, offset: int, blocks: Iterable[bytes], total: int | None = None) -> int:
        return self._sessions.append(session.handle, offset, blocks)

    def finish_upload(self, session: UploadSession, total: int) -> ObjectStat:
        self._sessions.finish(session.handle, total, self._prepared(session.key))
        self._make_durable(session.key)
        return self.stat(session.key)

    def cancel_upload(self, session: UploadSession) -> None:
        self._sessions.cancel(session.handle)

    def leftovers(self, untouched_for_s: int) -> Iterator[StoredObject]:
        oldest = clock.now() - timedelta(seconds=untouched_for_s)
        for held in (*self._sessions.held(), *self._unfinished()):
            if held.modified_at < oldest:
                yield held

    def _unfinished(self) -> Iterator[StoredObject]:
        for path in sorted(self._drafts.glob("*")):
            yield from _described(path, f"{_DRAFTS}/{path.name}")

    def discard_leftover(self, name: str) -> None:
        folder, _, handle = name.partition("/")
        if folder == _SESSIONS:
            self._sessions.cancel(handle)
        elif folder == _DRAFTS and "/" not in handle:
            (self._drafts / handle).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._root / validate(key)

    def _existing(self, key: str) -> Path:
        path = self._path(key)
        if not path.is_file():
            raise ObjectNotFound(key)
        return path

    def _prepared(self, key: str) -> Path:
        path = self._path(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    @contextmanager
    def _draft(self) -> Iterator[Path]:
        self._drafts.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._drafts / secrets.token_hex(16)
        try:
            yield draft
        finally:
            draft.unlink(missing_ok=True)

    def _make_durable(self, key: str) -> None:
        """A renamed file survives a power cut only once its folder is written too."""
        handle = os.open(self._path(key).parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _files(folder: Path) -> Iterator[Path]:
    """The files in a folder and below. Others delete meanwhile: where `rglob` raises, `walk` goes on."""
    for place, _, names in os.walk(folder):
        yield from (path for name in names if (path := Path(place, name)).is_file())


def _described(path: Path, key: str) -> Iterator[StoredObject]:
    """The file at `path` under its name in the store; nothing when it has vanished."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return
    yield StoredObject(key, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))


def _blocks(file: BinaryIO, start: int, length: int | None) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = length
        while left is None or left > 0:
            block = file.read(BLOCK_BYTES if left is None else min(BLOCK_BYTES, left))
            if not block:
                return
            left = None if left is None else left - len(block)
            yield block
