"""What a runner hands to the worker: files, facts about them, and failures that name what the customer knows."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpu_tasks.errors import JobFailed

DOWNLOADED_PERCENT = 10
MADE_PERCENT = 95

_WARNING = re.compile(r"(?P<code>[A-Z][A-Z0-9_]+): (?P<message>.+)", re.DOTALL)
_BLAMED_ON_SOURCES = frozenset({"invalid_source", "source_too_large", "codec_unsupported", "decode_failed"})


@dataclass(frozen=True, slots=True)
class Planned:
    """What is going to be made: `duration_s` in seconds, 0 for what has no length; sides in pixels, if any."""

    duration_s: float = 0.0
    width: int | None = None
    height: int | None = None


Approve = Callable[[Planned], None]
"""Asked before the work begins. Raises JobFailed when that may not be made."""


def approve_all(planned: Planned) -> None:
    """Anything may be made."""


@dataclass(frozen=True, slots=True)
class Made:
    """The output at `path`, and files to store `beside` it. A warning is {code, message}.

    Sides are in pixels, None for what is no picture; `duration_s` is None for what has no length.
    """

    path: Path
    size_bytes: int
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    warnings: tuple[dict[str, str], ...] = ()
    beside: tuple[Path, ...] = ()


def made(path: Path, result: Mapping[str, Any], warning_code: str) -> Made:
    """The file at `path` with what its maker said about it; `warning_code` is that of warnings without their own."""
    duration_s = result["duration_s"]
    return Made(
        path=path,
        size_bytes=path.stat().st_size,
        width=result["width"],
        height=result["height"],
        duration_s=None if duration_s is None else float(duration_s),
        warnings=tuple(_warning(text, warning_code) for text in result.get("warnings", [])),
    )


def _warning(text: str, code: str) -> dict[str, str]:
    match = _WARNING.fullmatch(text)
    return match.groupdict() if match else {"code": code, "message": text}


def of_whole(percent: int) -> int:
    """Progress of the whole job when its child is `percent` far."""
    return DOWNLOADED_PERCENT + (MADE_PERCENT - DOWNLOADED_PERCENT) * percent // 100


@contextmanager
def blaming(url: str, file: str) -> Iterator[None]:
    """Failures of the block name the URL instead of the local file, and in any case when the source is at fault."""
    try:
        yield
    except JobFailed as failure:
        message = failure.message.replace(file, url)
        if failure.code in _BLAMED_ON_SOURCES and url not in message:
            message = f"{url}: {message}"
        raise JobFailed(failure.code, message, is_final=failure.is_final) from failure
