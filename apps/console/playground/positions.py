"""Where in a JSON text something stands: the place of a JSON pointer (RFC 6901), and the place of what is no JSON.

Offsets are indices into the text as Python counts it; `Text` turns them into what people and browsers count.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_NESTING = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
_OPENING: Final = ("{", "[")
_CLOSING: Final = ("}", "]")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: where it begins, and where it ends (exclusive)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Member:
    """A value in a text, and the key that it stands behind in an object; that of an item and of the root is None."""

    value: Span
    key: Span | None = None


@dataclass(frozen=True)
class Text:
    """A text whose places can be told as people and browsers count them."""

    source: str

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.source))]

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Both count from 1; columns count characters."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def browser_offset(self, offset: int) -> int:
        """The offset in the UTF-16 code units that JavaScript counts in."""
        return offset + bisect_left(self._wide, offset)

    @cached_property
    def _wide(self) -> list[int]:
        """Where the characters stand that take two code units."""
        return [match.start() for match in re.finditer("[\U00010000-\U0010ffff]", self.source)]


@dataclass(slots=True)
class _Wanted:
    """The part of the wanted pointers that lies below one value, by the next key or index."""

    below: dict[str, "_Wanted"] = field(default_factory=dict)
    pointer: str | None = None


@dataclass(slots=True)
class _Open:
    """An object or a list that has not ended. `wanted` is what is looked for in it; its own place is `start`."""

    is_object: bool
    start: int
    wanted: _Wanted | None
    own_key: Span | None
    index: int = 0
    key: Span | None = None
    below: _Wanted | None = None


def members(text: str, pointers: Iterable[str]) -> dict[str, Member]:
    """The places of those of the pointers that exist in `text`, which must be JSON. One pass, whatever their number.

    Of a key that comes twice in an object the last one counts, as it does for the parser.
    """
    finder, offset = _Finder(_tree(pointers)), 0
    while (match := _TOKEN.search(text, offset)) is not None:
        start, offset = match.span()
        if match.group() in _OPENING and finder.wants_nothing_below():
            offset = _end_of(text, start)
            finder.leaf(start, offset)
        else:
            finder.see(match.group(), start, offset)
    return finder.found


def _end_of(text: str, start: int) -> int:
    """Where the object or the list ends that begins at `start`."""
    depth = 0
    for match in _NESTING.finditer(text, start):
        token = match.group()
        depth += (token in _OPENING) - (token in _CLOSING)
        if depth == 0:
            return match.end()
    raise ValueError(f"what begins at {start} has no end; only JSON can be walked through")


def _tree(pointers: Iterable[str]) -> _Wanted:
    root = _Wanted()
    for pointer in pointers:
        node = root
        for part in parts_of(pointer):
            node = node.below.setdefault(part, _Wanted())
        node.pointer = pointer
    return root


def parts_of(pointer: str) -> list[str]:
    """The parts of a JSON pointer (RFC 6901, section 4)."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


class _Finder:
    """Walks over the tokens of a JSON text and notes the places of what is wanted."""

    def __init__(self, root: _Wanted) -> None:
        self.found: dict[str, Member] = {}
        self._root = root
        self._open: list[_Open] = []

    def see(self, token: str, start: int, end: int) -> None:
        """The next token, and where it stands."""
        top = self._open[-1] if self._open else None
        if token in _CLOSING:
            self._close(end)
        elif token == ",":
            assert top is not None
            top.key, top.index = None, top.index + 1
        elif token == ":":
            pass
        elif top is not None and top.is_object and top.key is None:
            self._name(top, token, Span(start, end))
        else:
            self._value(token, start, end)

    def _name(self, top: _Open, token: str, place: Span) -> None:
        top.key = place
        top.below = top.wanted.below.get(_unquoted(token)) if top.wanted is not None and top.wanted.below else None
        if top.below is not None:
            self._forget(top.below)

    def _forget(self, wanted: _Wanted) -> None:
        """What was found under an earlier key of the same name does not count."""
        for node in _nodes(wanted):
            if node.pointer is not None:
                self.found.pop(node.pointer, None)

    def _value(self, token: str, start: int, end: int) -> None:
        if token in _OPENING:
            self._open.append(_Open(token == "{", start, *self._expected()))
        else:
            self.leaf(start, end)

    def wants_nothing_below(self) -> bool:
        """Whether nothing inside of the value that comes now is looked for."""
        wanted, _ = self._expected()
        return wanted is None or not wanted.below

    def leaf(self, start: int, end: int) -> None:
        """The next value, whose inside is of no interest, and where it stands."""
        wanted, key = self._expected()
        self._note(wanted, Member(Span(start, end), key))

    def _expected(self) -> tuple[_Wanted | None, Span | None]:
        """What is wanted of the value that comes now, and its key."""
        if not self._open:
            return self._root, None
        top = self._open[-1]
        if top.is_object:
            return top.below, top.key
        return (top.wanted.below.get(str(top.index)) if top.wanted is not None else None), None

    def _close(self, end: int) -> None:
        closed = self._open.pop()
        self._note(closed.wanted, Member(Span(closed.start, end), closed.own_key))

    def _note(self, wanted: _Wanted | None, member: Member) -> None:
        if wanted is not None and wanted.pointer is not None:
            self.found[wanted.pointer] = member


def _nodes(wanted: _Wanted) -> Iterator[_Wanted]:
    yield wanted
    for node in wanted.below.values():
        yield from _nodes(node)


def _unquoted(token: str) -> str:
    return token[1:-1] if "\\" not in token else _decoded(token)


def _decoded(token: str) -> str:
    decoded: str = json.loads(token)
    return decoded
