"""Colour tables in `.cube` files: Adobe's "Cube LUT Specification 1.0" (2013), and the range keywords of Resolve.

Everything here is text from strangers: whatever is not understood is refused, with its line and what is wrong there.
"""

import io
import math
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.errors import JobFailed

MAX_BYTES: Final = 64 * 1024**2
MAX_VALUE: Final = 65_504.0
"""The largest number of a half float: more than any grading tool writes."""
SIZES: Final = {"1D": (2, 65_536), "3D": (2, 129)}

_SIZE_LINE = re.compile(rb"(?:^|[\r\n])[ \t]*LUT_[13]D_SIZE[ \t]+[0-9]")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Cube:
    """A colour table. Where the input lies within `domain_min` to `domain_max`, the table's ends are reached.

    `values` holds output R'G'B', nominally 0 to 1: size × 3 for a 1D table (each column a curve of its own channel),
    size × size × size × 3 for a 3D one, indexed [red, green, blue].
    """

    values: NDArray[np.float32]
    domain_min: _Triple
    domain_max: _Triple
    title: str = ""

    @property
    def is_3d(self) -> bool:
        return self.values.ndim == 4

    @property
    def size(self) -> int:
        return int(self.values.shape[0])


def looks_like_cube(head: bytes) -> bool:
    """Whether a file that begins with these bytes is text that announces the size of a colour table."""
    return b"\0" not in head and _SIZE_LINE.search(head) is not None


def read_cube(path: Path) -> Cube:
    """Read a `.cube` file. Raises JobFailed: `invalid_source`, `source_too_large`, `source_not_found`."""
    try:
        with path.open("rb") as file:
            return parse_cube(file)
    except FileNotFoundError:
        raise JobFailed("source_not_found", "the source file is not there") from None
    except OSError:
        raise JobFailed("invalid_source", "the source is not a readable regular file") from None


def parse_cube(file: BinaryIO) -> Cube:
    """The table in a file, read from its start; closes it. Raises JobFailed `invalid_source`, `source_too_large`."""
    size_bytes = file.seek(0, 2)
    if size_bytes > MAX_BYTES:
        raise JobFailed(
            "source_too_large", f"the colour table has {size_bytes} bytes; at most {MAX_BYTES} are accepted"
        )
    file.seek(0)
    header, values = _Header(), array("f")
    for number, text in _lines(file):
        if not values and text[0].isalpha():
            header.take(number, text)
            continue
        if not values:
            header.check()
        elif len(values) == header.value_count:
            _refuse(number, f"one more than the {header.line_count} that {header.announced} announces")
        _append(values, number, text)
    header.check()
    if len(values) < header.value_count:
        announced = f"{header.announced} announces {header.line_count} lines of numbers"
        raise JobFailed("invalid_source", f"the colour table is cut off: {announced}, there are {len(values) // 3}")
    return header.cube(np.frombuffer(values, np.float32))


def _lines(file: BinaryIO) -> Iterator[tuple[int, str]]:
    """Numbered lines that hold something besides a comment, with any kind of line ending."""
    for number, line in enumerate(io.TextIOWrapper(file, "utf-8-sig", "replace", newline=None), start=1):
        text = line.strip()
        if text and text[0] != "#":
            yield number, text


def _append(values: "array[float]", line: int, text: str) -> None:
    try:
        red, green, blue = map(float, text.split())
    except ValueError:
        red = green = blue = math.nan
    limit = MAX_VALUE
    # `float` also reads 1_000, and digits of other scripts.
    is_plain = text.isascii() and "_" not in text
    if not (is_plain and abs(red) <= limit and abs(green) <= limit and abs(blue) <= limit):
        red, green, blue = _triple(line, text)
    values.extend((red, green, blue))


def _numbers(line: int, text: str, count: str) -> list[float]:
    parts = text.split()
    if len(parts) != {"two": 2, "three": 3}[count]:
        _refuse(line, f"{count} numbers are expected, not {_shown(text)}")
    return [_number(part, line) for part in parts]


def _triple(line: int, text: str) -> _Triple:
    red, green, blue = _numbers(line, text, "three")
    return (red, green, blue)


def _number(part: str, line: int) -> float:
    value = float(part) if _NUMBER.fullmatch(part) else math.nan
    if not abs(value) <= MAX_VALUE:
        _refuse(line, f"{_shown(part)} is not a number within ±{MAX_VALUE:.0f}")
    return value


@dataclass(slots=True)
class _Header:
    """The keywords before the numbers."""

    dimensions: str = ""
    size: int = 0
    title: str = ""
    bounds: dict[str, _Triple] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def take(self, line: int, text: str) -> None:
        keyword, *others = text.split(maxsplit=1)
        rest = others[0] if others else ""
        if keyword in self.seen:
            _refuse(line, f"{keyword} is given twice")
        self.seen.add(keyword)
        if keyword == "TITLE":
            self.title = rest.strip('"')[:250]
        elif keyword in ("LUT_1D_SIZE", "LUT_3D_SIZE"):
            self._take_size(line, keyword, rest)
        elif keyword in ("DOMAIN_MIN", "DOMAIN_MAX"):
            self.bounds[keyword] = _triple(line, rest)
        elif keyword in ("LUT_1D_INPUT_RANGE", "LUT_3D_INPUT_RANGE"):
            low, high = _numbers(line, rest, "two")
            self.bounds |= {"DOMAIN_MIN": (low, low, low), "DOMAIN_MAX": (high, high, high)}
        else:
            _refuse(line, f"unknown keyword {_shown(keyword)}")

    def _take_size(self, line: int, keyword: str, rest: str) -> None:
        if self.dimensions:
            _refuse(line, "a 1D and a 3D table in one file are not supported; bake them into one 3D table")
        self.dimensions = keyword[4:6]
        low, high = SIZES[self.dimensions]
        if not re.fullmatch(r"\d{1,6}", rest, re.ASCII) or not low <= int(rest) <= high:
            _refuse(line, f"{keyword} must be a whole number from {low} to {high}, not {_shown(rest)}")
        self.size = int(rest)

    @property
    def announced(self) -> str:
        return f"LUT_{self.dimensions}_SIZE {self.size}"

    @property
    def line_count(self) -> int:
        return self.size if self.dimensions == "1D" else self.size**3

    @property
    def value_count(self) -> int:
        return self.line_count * 3

    @property
    def domain(self) -> tuple[_Triple, _Triple]:
        return self.bounds.get("DOMAIN_MIN", (0.0, 0.0, 0.0)), self.bounds.get("DOMAIN_MAX", (1.0, 1.0, 1.0))

    def check(self) -> None:
        if not self.dimensions:
            raise JobFailed("invalid_source", "the colour table has no LUT_1D_SIZE or LUT_3D_SIZE before its numbers")
        low, high = self.domain
        if any(b - a < 1e-6 for a, b in zip(low, high, strict=True)):
            raise JobFailed("invalid_source", f"the colour table's domain is empty: from {low} to {high}")

    def cube(self, flat: NDArray[np.float32]) -> Cube:
        if self.dimensions == "1D":
            return Cube(flat.reshape(self.size, 3), *self.domain, self.title)
        # In the file red changes fastest.
        stored = flat.reshape(self.size, self.size, self.size, 3)
        return Cube(np.ascontiguousarray(stored.transpose(2, 1, 0, 3)), *self.domain, self.title)


def _shown(text: str) -> str:
    return repr(text[:40])


def _refuse(line: int, what: str) -> NoReturn:
    raise JobFailed("invalid_source", f"the colour table's line {line}: {what}")
