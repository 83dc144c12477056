"""Memory for intermediate results, one buffer for each thread, shape and slot, so that no frame allocates any."""

import threading
from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

KEPT = 24
_local = threading.local()


def spare(shape: tuple[int, ...], dtype: DTypeLike, slot: int) -> NDArray[Any]:
    """An array whose content is undefined and may be overwritten by the next kernel that runs in this thread."""
    buffers: OrderedDict[tuple[Any, ...], NDArray[Any]] = _local.__dict__.setdefault("buffers", OrderedDict())
    key = (shape, np.dtype(dtype), slot)
    if key not in buffers:
        buffers[key] = np.empty(shape, dtype)
    buffers.move_to_end(key)
    while len(buffers) > KEPT:
        buffers.popitem(last=False)
    return buffers[key]
