"""The embedded broker: kombu's filesystem transport, made safe for several processes.

As it comes, that transport shows a message file before anything is written to it; a worker that looks in this moment
reads an empty message and ends with a JSONDecodeError. Here files appear whole or not at all, and folders that are
deleted under a running installation come back.
"""

import fcntl
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

_LOCK_NAME = ".lock"


def install() -> None:
    """Let `filesystem://` mean this transport in this process."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"


class Channel(filesystem.Channel):
    """A message is a file `<time>_<random>.<queue>.msg`; an exchange is a JSON file with its bindings."""

    def get_table(self, exchange: str) -> list[Any]:
        """The bindings of an exchange; none when it has never been bound."""
        try:
            rows = loads(self._table_file(exchange).read_bytes())
        except FileNotFoundError:
            return []
        return [filesystem.exchange_queue_t(*row) for row in rows]

    def _table_file(self, exchange: str) -> Path:
        return Path(self.control_folder) / f"{exchange}.exchange"

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str | None) -> None:
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self._change_table(exchange, lambda table: table if binding in table else [binding, *table])

    def _delete(self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any) -> None:
        self._purge(queue)
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self._change_table(exchange, lambda table: [found for found in table if found != binding])

    def _change_table(self, exchange: str, change: Callable[[list[Any]], list[Any]]) -> None:
        with _locked(self.control_folder):
            _write_whole(self._table_file(exchange), dumps(change(self.get_table(exchange))))

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        name = f"{time_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        _write_whole(Path(self.data_folder_out) / name, dumps(payload))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The oldest message. Raises Empty."""
        for name in sorted(self._names(queue)):
            taken = Path(self.data_folder_in) / f".taken-{name}"
            try:
                # Of several consumers one succeeds.
                os.rename(Path(self.data_folder_in) / name, taken)
            except FileNotFoundError:
                continue
            text = taken.read_text("utf-8")
            taken.unlink()
            return loads(text)
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._names(queue))

    def _purge(self, queue: str) -> int:
        names = self._names(queue)
        for name in names:
            (Path(self.data_folder_in) / name).unlink(missing_ok=True)
        return len(names)

    def _names(self, queue: str) -> list[str]:
        try:
            found = os.listdir(self.data_folder_in)
        except FileNotFoundError:
            return []
        return [name for name in found if name.partition(".")[2] == f"{queue}.msg"]


class Transport(filesystem.Transport):
    """kombu's, with our channels."""

    Channel = Channel


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / _LOCK_NAME).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write_whole(path: Path, text: str) -> None:
    draft = path.with_name(f".{uuid.uuid4()}.draft")
    try:
        draft.write_text(text, "utf-8")
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_text(text, "utf-8")
    os.replace(draft, path)
