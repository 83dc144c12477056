"""Bringing in large libraries, which a short job spends a good part of its time on."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Everything made meanwhile stays: it is not looked through for garbage, now or later.

    Collecting takes a quarter of the time in which the modules of a render are loaded.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
