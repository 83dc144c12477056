"""Work that runs ahead of its consumer, in a thread of its own."""

import queue
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class _End:
    """Nothing more will come."""


class Ahead(Generic[T]):
    """Iterates over what `make()` yields, computed in a thread up to `depth` items ahead.

    What the thread raises is raised where its items are consumed. `stop`, or leaving it as a context, ends it early,
    wherever it is.
    """

    def __init__(self, name: str, make: Callable[[], Iterator[T]], depth: int) -> None:
        self._make = make
        self._stopped = threading.Event()
        self._ready: queue.Queue[T | _End | BaseException] = queue.Queue(depth)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        entry = self._ready.get()
        if isinstance(entry, _End):
            self._ready.put(entry)
            raise StopIteration
        if isinstance(entry, BaseException):
            raise entry
        return entry

    def stop(self) -> None:
        """End the thread; what it has computed is dropped."""
        self._stopped.set()
        while self._thread.is_alive():
            while not self._ready.empty():
                self._ready.get_nowait()
            self._thread.join(0.01)

    def _run(self) -> None:
        try:
            for entry in self._make():
                if not self._put(entry):
                    return
            self._put(_End())
        except Exception as error:  # noqa: BLE001 - the edge of a thread: whatever it is, the consumer must hear it
            self._put(error)

    def _put(self, entry: T | _End | BaseException) -> bool:
        while not self._stopped.is_set():
            try:
                self._ready.put(entry, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False
