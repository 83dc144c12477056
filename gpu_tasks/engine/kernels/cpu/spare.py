"""Memory for intermediate results, one buffer for each thread, type and slot, so that no frame allocates any."""

import math
import threading
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

_local = threading.local()


def spare(shape: tuple[int, ...], dtype: DTypeLike, slot: int) -> NDArray[Any]:
    """An array whose content is undefined and may be overwritten by the next kernel that runs in this thread.

    All shapes of as many dimensions share the memory of a slot, which is as large as the largest of them: parts whose
    size differs from frame to frame need no new memory either.
    """
    buffers: dict[tuple[Any, ...], NDArray[Any]] = _local.__dict__.setdefault("buffers", {})
    key, size = (len(shape), np.dtype(dtype), slot), math.prod(shape)
    memory = buffers.get(key)
    if memory is None or memory.size < size:
        memory = buffers[key] = np.empty(size, dtype)
    return memory[:size].reshape(shape)
