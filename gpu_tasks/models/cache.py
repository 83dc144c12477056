"""Networks that stay in memory between jobs of one process."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from torch import nn

T = TypeVar("T")
DEFAULT_MAX_BYTES = 2 * 1024**3


class ModelCache(Generic[T]):
    """Makes each thing once, and forgets those that were used longest ago when all together exceed `max_bytes`.

    May be used by several threads; one thing is made at a time.
    """

    def __init__(self, max_bytes: int, size_of: Callable[[T], int]) -> None:
        self._max_bytes = max_bytes
        self._size_of = size_of
        self._kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._lock = threading.RLock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` returned when it was first asked for under this key. What it raises is not kept."""
        with self._lock:
            if key not in self._kept:
                made = make()
                self._kept[key] = (made, self._size_of(made))
            self._kept.move_to_end(key)
            found = self._kept[key][0]
            self._forget_oldest()
            return found

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()

    @property
    def size_bytes(self) -> int:
        """What is kept, in all."""
        return sum(size for _, size in self._kept.values())

    def _forget_oldest(self) -> None:
        while self._kept and self.size_bytes > self._max_bytes:
            self._kept.popitem(last=False)


def module_bytes(module: nn.Module) -> int:
    """The memory that a network's parameters and buffers take."""
    tensors = [*module.parameters(), *module.buffers()]
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


networks: ModelCache[nn.Module] = ModelCache(DEFAULT_MAX_BYTES, module_bytes)
"""Those of this process, by any key that says what they are: name, device and type of number."""
