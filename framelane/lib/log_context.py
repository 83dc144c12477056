"""What the work at hand belongs to, for the log: request, workspace, job, attempt, task, worker, queue.

Set at the edges, where a request or a message comes in; every line that is logged below carries it. A thread of one's
own begins without: run it in `contextvars.copy_context()`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})
_current: ContextVar[Mapping[str, str]] = ContextVar("log_context", default=_NOTHING)


def current() -> Mapping[str, str]:
    """The names and values that hold here."""
    return _current.get()


def note(**fields: str | int) -> None:
    """Add fields until the innermost `scope` ends; an empty value takes one away."""
    merged = {**_current.get(), **{name: str(value) for name, value in fields.items()}}
    _current.set({name: value for name, value in merged.items() if value})


def replace(**fields: str | int) -> None:
    """Let these hold and no others: for threads that turn from one piece of work to the next."""
    _current.set(_NOTHING)
    note(**fields)


@contextmanager
def scope(**fields: str | int) -> Iterator[None]:
    """Fields that hold within the block; what is noted there is forgotten with them."""
    token = _current.set(_current.get())
    try:
        note(**fields)
        yield
    finally:
        _current.reset(token)
