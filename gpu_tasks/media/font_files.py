"""Font files that customers bring: what they are called, what they draw, and families made of them.

They are parsed by fontTools in a bounded child process only. Whatever is wrong with one, the error says so.
"""

import io
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont, TTLibError

from gpu_tasks.errors import JobFailed
from gpu_tasks.media.fonts import CodePoints, FontFamily, FontFile, FontSlice, read_font
from gpu_tasks.timeline.font_names import normal

MAX_FONT_BYTES = 32 * 1024**2
_FAMILY_NAMES = (16, 1)  # the typographic family first: name 1 splits a family into groups of four
_ITALIC = 1  # OS/2 fsSelection, bit 0
_PARSER_ERRORS = (
    *(TTLibError, struct.error, zlib.error),
    *(AssertionError, AttributeError, LookupError, OSError, OverflowError, TypeError, ValueError),
)


@dataclass(frozen=True, slots=True)
class FontFacts:
    """A font's family, the weights (1-1000) that it spans, whether it is slanted, and the characters it draws."""

    family: str
    min_weight: int
    max_weight: int
    italic: bool
    code_points: tuple[int, ...]


def font_facts(path: Path) -> FontFacts:
    """Read what a font file says of itself. Raises JobFailed: `source_too_large`, `invalid_source`."""
    size_bytes = path.stat().st_size
    if size_bytes > MAX_FONT_BYTES:
        raise JobFailed("source_too_large", f"the font has {size_bytes} bytes; at most {MAX_FONT_BYTES} are accepted")
    try:
        with TTFont(io.BytesIO(read_font(path)), lazy=True) as font:
            return _facts(font)
    except _PARSER_ERRORS as error:
        raise JobFailed("invalid_source", f"the font cannot be read: {type(error).__name__}: {error}") from None


def _facts(font: Any) -> FontFacts:
    names = (font["name"].getDebugName(number) for number in _FAMILY_NAMES)
    family = next((name for name in names if name and normal(name)), None)
    if family is None:
        raise JobFailed("invalid_source", "the font does not say what its family is called")
    code_points = tuple(sorted(font.getBestCmap() or ()))
    if not code_points:
        raise JobFailed("invalid_source", "the font has no characters")
    if not ({"glyf", "CFF ", "CFF2", "COLR", "CBDT", "sbix"} & set(font.keys())):
        raise JobFailed("invalid_source", "the font has no outlines")
    low, high = _weights(font)
    return FontFacts(family[:255], low, high, bool(font["OS/2"].fsSelection & _ITALIC), code_points)


def _weights(font: Any) -> tuple[int, int]:
    weight = min(max(int(font["OS/2"].usWeightClass), 1), 1000)
    for axis in font["fvar"].axes if "fvar" in font else ():
        if axis.axisTag == "wght":
            return int(axis.minValue), int(axis.maxValue)
    return weight, weight


def families_of(paths: Iterable[Path]) -> tuple[FontFamily, ...]:
    """The families that font files make up: each with the weights and slants there are. Raises JobFailed."""
    members: dict[str, list[tuple[FontFacts, Path]]] = defaultdict(list)
    for path in paths:
        facts = font_facts(path)
        members[normal(facts.family)].append((facts, path))
    return tuple(_family(found) for found in members.values())


def _family(members: list[tuple[FontFacts, Path]]) -> FontFamily:
    files = tuple(FontFile(path, facts.min_weight, facts.max_weight, facts.italic) for facts, path in members)
    # Every cut of a family is expected to draw the same characters; where one draws fewer, fallbacks step in.
    shared = set.intersection(*(set(facts.code_points) for facts, _ in members))
    ranges = CodePoints(" ".join(f"{point:X}" for point in sorted(shared)))
    return FontFamily(members[0][0].family, "custom", "", Path(), (), (FontSlice(ranges, files),))
