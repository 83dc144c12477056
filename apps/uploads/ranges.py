"""Range requests (RFC 9110, section 14), as far as a media server needs them: one range of bytes."""

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=\s*([0-9]*)-([0-9]*)\s*")
_MAX_DIGITS = 18


class Unsatisfiable(Exception):
    """The range lies outside of the file."""


@dataclass(frozen=True, slots=True)
class Span:
    """`length` bytes from `start` on, of a file of `size` bytes; `partial` when a range was asked for."""

    start: int
    length: int
    size: int
    partial: bool

    @property
    def content_range(self) -> str:
        return f"bytes {self.start}-{self.start + self.length - 1}/{self.size}"


def span_of(header: str | None, size: int) -> Span:
    """What to send of a file of `size` bytes. Several ranges, and what is no range, get the whole file.

    Raises Unsatisfiable.
    """
    match = _ONE_RANGE.fullmatch(header or "")
    if match is None or not any(match.groups()) or max(map(len, match.groups())) > _MAX_DIGITS:
        return Span(0, size, size, partial=False)
    first, last = match.groups()
    if not first:
        return _suffix(int(last), size)
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return Span(0, size, size, partial=False)
    if start >= size:
        raise Unsatisfiable
    return Span(start, end - start + 1, size, partial=True)


def _suffix(length: int, size: int) -> Span:
    if not length or not size:
        raise Unsatisfiable
    length = min(length, size)
    return Span(size - length, length, size, partial=True)
