"""Notices when anybody opens a file: Linux inotify through the C library."""

import ctypes
import os
from pathlib import Path
from types import TracebackType
from typing import Self

_IN_ACCESS, _IN_OPEN = 0x1, 0x20
_C = ctypes.CDLL(None, use_errno=True)


class OpenWatch:
    """Watches one file; `was_touched()` tells whether it was opened or read since."""

    def __init__(self, path: Path) -> None:
        self._descriptor = _C.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._descriptor < 0 or _C.inotify_add_watch(self._descriptor, os.fsencode(path), _IN_ACCESS | _IN_OPEN) < 0:
            raise OSError(ctypes.get_errno(), f"cannot watch {path}")

    def was_touched(self) -> bool:
        try:
            return len(os.read(self._descriptor, 4096)) > 0
        except BlockingIOError:
            return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.close(self._descriptor)
