"""The committed font set: which families exist, which file draws what, and how a file is read.

Loads no font library, so that anything may ask what fonts there are. `scripts/build_fonts.py` makes
the files and `index.json`; licences lie beside the fonts.
"""

import io
import json
import struct
import zlib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from gpu_tasks.timeline.font_names import normal

FONTS = Path(__file__).resolve().parent.parent / "fonts"
DEFAULT_FAMILY = "Inter"
MAX_TABLE_BYTES = 64 * 1024**2


class CodePoints:
    """An immutable set of Unicode code points, kept as ranges."""

    def __init__(self, ranges: str) -> None:
        """`ranges` is like `"20-7E A0"`: hexadecimal, inclusive, ascending."""
        bounds = [part.split("-") for part in ranges.split()]
        self._firsts = [int(bound[0], 16) for bound in bounds]
        self._lasts = [int(bound[-1], 16) for bound in bounds]

    def __contains__(self, code_point: int) -> bool:
        place = bisect_right(self._firsts, code_point) - 1
        return place >= 0 and code_point <= self._lasts[place]

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in zip(self._firsts, self._lasts, strict=True))


@dataclass(frozen=True, slots=True)
class FontFile:
    """One file. Variable fonts span `min_weight` to `max_weight`, static ones have both alike."""

    path: Path
    min_weight: int
    max_weight: int
    italic: bool
    collection_index: int = 0

    def distance(self, weight: int) -> int:
        """How far the nearest weight of this file is from `weight`."""
        return max(self.min_weight - weight, weight - self.max_weight, 0)


@dataclass(frozen=True, slots=True)
class FontSlice:
    """A share of a family's characters, in every weight and style that the family has."""

    points: CodePoints
    files: tuple[FontFile, ...]

    def best_file(self, weight: int, italic: bool) -> FontFile:
        """The file nearest to the wish: the right slant first, then the weight; of two equally near, the heavier."""
        return min(self.files, key=lambda file: (file.italic != italic, file.distance(weight), -file.max_weight))


@dataclass(frozen=True)
class FontFamily:
    """A family: `category` is sans-serif, serif, condensed, monospace, display, handwriting, fallback or emoji."""

    name: str
    category: str
    licence: str
    licence_path: Path
    scripts: tuple[str, ...]
    slices: tuple[FontSlice, ...]
    size_adjust: float = 1.0

    def slice_for(self, code_point: int) -> FontSlice | None:
        """The slice that draws the character, or None."""
        return next((part for part in self.slices if code_point in part.points), None)


@dataclass(frozen=True)
class FontCatalogue:
    """All families, in the order in which they stand in for one another."""

    families: tuple[FontFamily, ...]

    @cached_property
    def _by_name(self) -> dict[str, FontFamily]:
        # The first of a name wins: what a customer brings stands before what is here anyway.
        return {normal(family.name): family for family in reversed(self.families)}

    @cached_property
    def default(self) -> FontFamily:
        """The family that texts use when they name none."""
        return self._by_name[normal(DEFAULT_FAMILY)]

    @cached_property
    def fallbacks(self) -> tuple[FontFamily, ...]:
        """What stands in for a character that the chosen family lacks; emoji are chosen apart."""
        return (self.default, *(family for family in self.families if family.category == "fallback"))

    @cached_property
    def emoji(self) -> tuple[FontFamily, ...]:
        """Families of colour emoji."""
        return tuple(family for family in self.families if family.category == "emoji")

    def family(self, name: str) -> FontFamily | None:
        """The family called `name`, or the first known of a comma-separated list; case, spaces and hyphens are free."""
        known = (self._by_name.get(normal(part)) for part in name.split(","))
        return next((family for family in known if family is not None), None)


@cache
def committed_fonts() -> FontCatalogue:
    """The fonts that are part of the project."""
    index = json.loads((FONTS / "index.json").read_text("utf-8"))
    return FontCatalogue(tuple(_family(entry) for entry in index["families"]))


def _family(entry: dict[str, Any]) -> FontFamily:
    return FontFamily(
        name=entry["family"],
        category=entry["category"],
        licence=entry["licence"],
        licence_path=FONTS / entry["licence_file"],
        scripts=tuple(entry["scripts"]),
        slices=tuple(_slice(part) for part in entry["slices"]),
        size_adjust=entry.get("size_adjust", 1.0),
    )


def _slice(entry: dict[str, Any]) -> FontSlice:
    files = (_file(**face) for face in entry["faces"])
    return FontSlice(CodePoints(entry["codepoints"]), tuple(files))


def _file(file: str, weights: Iterable[int], style: str) -> FontFile:
    lightest, heaviest = weights
    return FontFile(FONTS / file, lightest, heaviest, italic=style == "italic")


# WOFF 1.0: the layout is https://www.w3.org/TR/WOFF/, sections 3 and 4.
_WOFF_HEADER = struct.Struct(">4s4sIHHIHHIIIII")
_WOFF_ENTRY = struct.Struct(">4sIIII")
_SFNT_ENTRY = struct.Struct(">4sIII")


def read_font(path: Path) -> bytes:
    """The TrueType or OpenType font in a file, with WOFF unpacked. OSError when it cannot be read."""
    raw = path.read_bytes()
    if raw[:4] == b"wOF2":
        return _unpack_woff2(raw)
    return _unpack_woff(raw) if raw[:4] == b"wOFF" else raw


def _unpack_woff2(raw: bytes) -> bytes:
    # None of the fonts that are part of the project comes this way.
    from fontTools.ttLib.woff2 import decompress

    unpacked = io.BytesIO()
    decompress(io.BytesIO(raw), unpacked)
    return unpacked.getvalue()


def _unpack_woff(raw: bytes) -> bytes:
    header = _WOFF_HEADER.unpack_from(raw)
    flavor, count = header[1], header[3]
    entries = [_WOFF_ENTRY.unpack_from(raw, _WOFF_HEADER.size + place * _WOFF_ENTRY.size) for place in range(count)]
    search = 1 << (count.bit_length() - 1)
    head = flavor + struct.pack(">HHHH", count, search * 16, search.bit_length() - 1, (count - search) * 16)
    offset = len(head) + count * _SFNT_ENTRY.size
    directory, tables = [head], []
    for tag, start, packed_bytes, size_bytes, checksum in entries:
        packed = raw[start : start + packed_bytes]
        # No table unpacks to more than its entry says, and no entry may promise more than a font could hold.
        limit_bytes = max(1, min(size_bytes, MAX_TABLE_BYTES))
        table = zlib.decompressobj().decompress(packed, limit_bytes) if packed_bytes < size_bytes else packed
        directory.append(_SFNT_ENTRY.pack(tag, checksum, offset, size_bytes))
        tables.append(table + b"\0" * (-size_bytes % 4))
        offset += len(tables[-1])
    return b"".join(directory + tables)
