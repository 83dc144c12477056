"""One paragraph: which face draws which characters, how they are shaped, where lines break and how runs are placed.

Indices are local to the paragraph until the glyphs of a line are placed.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, islice, takewhile
from typing import NamedTuple

from gpu_tasks.engine.text import bidi, unicode_text
from gpu_tasks.engine.text.faces import Face, FontLibrary, ShapedGlyph
from gpu_tasks.media.fonts import FontFamily

_SOFT_HYPHEN = "\u00ad"
JOINED_SCRIPTS = frozenset({"Arab", "Syrc", "Nkoo", "Mong", "Deva", "Beng", "Guru"})
"""Letters of these scripts touch; space or movement between them would tear words apart."""


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How to set a text. `size` in pixels, `tracking` in em, `leading` in multiples of the size, `align` by name.

    `wrap_width` None never wraps; `frame_width` is what lines are aligned in, None = the widest line.
    """

    family: FontFamily
    size: float
    weight: int
    italic: bool
    tracking: float
    leading: float
    align: str
    wrap_width: float | None
    frame_width: float | None


class Glyph(NamedTuple):
    """A glyph with its pen position relative to the line's left end and baseline; `char_index` is its character."""

    glyph_id: int
    char_index: int
    x: float
    y: float
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class GlyphRun:
    """Neighbouring glyphs of one face."""

    face: Face
    glyphs: tuple[Glyph, ...]


class SetLine(NamedTuple):
    """A line before alignment: text[start:end] of the whole text, its runs from left to right, its width in pixels."""

    runs: tuple[GlyphRun, ...]
    start: int
    end: int
    width: float


@dataclass
class FaceChooser:
    """Finds the face of every grapheme cluster, each distinct cluster once."""

    style: TextStyle
    library: FontLibrary
    main: Face
    missing: set[str] = field(default_factory=set)
    _chosen: dict[str, Face | None] = field(default_factory=dict)

    def face(self, cluster: str, previous: Face) -> Face:
        """The face of a cluster; invisible ones stay with the face before them."""
        if cluster not in self._chosen:
            self._chosen[cluster] = self._choose(cluster)
        return self._chosen[cluster] or previous

    def _choose(self, cluster: str) -> Face | None:
        visible = [ord(character) for character in cluster if not _is_invisible(character)]
        if not visible:
            return None
        searches = [self._find_text, self.library.find_emoji]
        if unicode_text.is_emoji(cluster):
            searches.reverse()
        found = next((face for search in searches if (face := search(visible))), None)
        if found is None:
            self.missing.add(chr(visible[0]))
        return found or self.main

    def _find_text(self, visible: list[int]) -> Face | None:
        style = self.style
        return self.library.find(visible, style.family, style.weight, style.italic)


def _is_invisible(character: str) -> bool:
    """Format characters and variation selectors, which fonts need not have."""
    return unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f" or character == "\u034f"


class _Item(NamedTuple):
    start: int
    end: int
    face: Face
    script: str
    level: int


class Paragraph:
    """A paragraph that starts at `offset` of the whole text."""

    def __init__(self, text: str, offset: int, style: TextStyle, chooser: FaceChooser) -> None:
        self.text = text
        self.offset = offset
        self.style = style
        self.codes = [ord(character) for character in text]
        self.language = unicode_text.language_of(text)
        self.clusters = unicode_text.clusters(text, self.language) if text else []
        self.items = self._items(chooser)
        self._shaped: dict[tuple[int, int], list[ShapedGlyph]] = {}

    def _items(self, chooser: FaceChooser) -> list[_Item]:
        """Stretches of one face, script and direction."""
        levels, scripts = bidi.levels(self.text), unicode_text.scripts(self.text)
        items: list[_Item] = []
        face = chooser.main
        for start, end in self.clusters:
            face = chooser.face(self.text[start:end], face)
            same = items and (items[-1].face, items[-1].script, items[-1].level) == (
                face,
                scripts[start],
                levels[start],
            )
            first = items.pop().start if same else start
            items.append(_Item(first, end, face, scripts[start], levels[start]))
        return items

    def lines(self) -> list[SetLine]:
        """The paragraph's lines from top to bottom; an empty paragraph has one empty line."""
        placed = []
        for start, end in self._ranges():
            visible = self._visible_end(start, end)
            runs, width = self._place(start, visible, hyphen=end < len(self.text))
            placed.append(SetLine(runs, self.offset + start, self.offset + visible, width))
        return placed

    def _visible_end(self, start: int, end: int) -> int:
        while end > start and self.text[end - 1].isspace() and self.text[end - 1] != "\u00a0":
            end -= 1
        return end

    def _ranges(self) -> list[tuple[int, int]]:
        limit = self.style.wrap_width
        if limit is None or not self.text or self._width(0, len(self.text)) <= limit:
            return [(0, len(self.text))]
        ranges, start, end = [], 0, 0
        for place in unicode_text.break_places(self.text, self.language):
            if self._width(start, place) > limit:
                if end > start:
                    ranges.append((start, end))
                pieces = self._broken(max(end, start), place, limit)
                ranges += pieces[:-1]
                start = pieces[-1][0]
            end = place
        return [*ranges, (start, len(self.text))]

    def _broken(self, start: int, end: int, limit: float) -> list[tuple[int, int]]:
        """A piece that may be wider than the box, cut between clusters where it is."""
        pieces, first = [], start
        place = bisect_right(self._cluster_starts, start)
        for cluster_start, cluster_end in takewhile(
            lambda cluster: cluster[0] < end, islice(self.clusters, place, None)
        ):
            if self._width(first, min(cluster_end, end)) > limit:
                pieces.append((first, cluster_start))
                first = cluster_start
        return [*pieces, (first, end)]

    def _width(self, start: int, end: int) -> float:
        """Pixels from start to end, trailing white space and tracking aside."""
        end = self._visible_end(start, end)
        if end == start:
            return 0.0
        hyphen = self._hyphen_width if self.text[end - 1] == _SOFT_HYPHEN else 0.0
        return self._ends[end] - self._ends[start] - self._trailing_tracking(end) + hyphen

    def _trailing_tracking(self, end: int) -> float:
        return self._tracking(self.items[bisect_left(self._item_ends, end)])

    @cached_property
    def _item_ends(self) -> list[int]:
        return [item.end for item in self.items]

    @cached_property
    def _cluster_starts(self) -> list[int]:
        return [start for start, _ in self.clusters]

    def _tracking(self, item: _Item) -> float:
        return 0.0 if item.script in JOINED_SCRIPTS else self.style.tracking * self.style.size

    @cached_property
    def _hyphen_width(self) -> float:
        glyphs = self.items[0].face.shape([ord("-")], 0, 1, "Latn", "en", False, True)
        return sum(glyph.advance for glyph in glyphs) * self.style.size

    @cached_property
    def _ends(self) -> list[float]:
        """Pixels from the paragraph's start to the start of every character, and to its end."""
        advances = [0.0] * len(self.text)
        for item in self.items:
            for left, right, glyphs in self._spread(item, self._shape(item)):
                advances[glyphs[0].char_index] += right - left
        return [0.0, *accumulate(advances)]

    def _shape(self, item: _Item) -> list[ShapedGlyph]:
        key = (item.start, item.end)
        if key not in self._shaped:
            self._shaped[key] = self._shape_codes(item, self.codes)
        return self._shaped[key]

    def _shape_codes(self, item: _Item, codes: list[int]) -> list[ShapedGlyph]:
        ligatures = self.style.tracking == 0
        rtl = item.level % 2 == 1
        return item.face.shape(codes, item.start, item.end, item.script, self.language, rtl, ligatures)

    def _spread(self, item: _Item, shaped: list[ShapedGlyph]) -> Iterator[tuple[float, float, list[ShapedGlyph]]]:
        """Clusters from left to right: the pixels they span, tracking included, and their glyphs."""
        pen, group = 0.0, list[ShapedGlyph]()
        for glyph in [*shaped, None]:
            if group and (glyph is None or glyph.char_index != group[0].char_index):
                advance = sum(member.advance for member in group) * self.style.size
                advance += self._tracking(item) if advance else 0.0
                yield pen, pen + advance, group
                pen, group = pen + advance, []
            if glyph is not None:
                group.append(glyph)

    def _place(self, start: int, end: int, hyphen: bool) -> tuple[tuple[GlyphRun, ...], float]:
        """The runs of one line from left to right, and the line's width."""
        reached = self.items[bisect_right(self._item_ends, start) : bisect_left(self._item_ends, end) + 1]
        cut = [_clip(item, start, end) for item in reached] if end > start else []
        hyphenated = hyphen and end > start and self.text[end - 1] == _SOFT_HYPHEN
        codes = [*self.codes[: end - 1], ord("-")] if hyphenated else self.codes
        runs, pen, tracking = [], 0.0, 0.0
        for place in bidi.visual_order([item.level for item in cut]):
            item = cut[place]
            shaped = self._shape_codes(item, codes) if hyphenated else self._shape(item)
            glyphs, advance = self._run(item, shaped, pen)
            runs.append(GlyphRun(item.face, glyphs))
            pen, tracking = pen + advance, self._tracking(item)
        return tuple(runs), max(pen - tracking, 0.0)

    def _run(self, item: _Item, shaped: list[ShapedGlyph], pen: float) -> tuple[tuple[Glyph, ...], float]:
        size, tracking, right = self.style.size, self._tracking(item), 0.0
        glyphs: list[Glyph] = []
        for left, right, group in self._spread(item, shaped):
            x = pen + left
            edge = pen + (right - tracking if right > left else right)
            for glyph in group:
                place = (x + glyph.x_offset * size, -glyph.y_offset * size, pen + left, edge)
                glyphs.append(Glyph(glyph.glyph_id, self.offset + glyph.char_index, *place))
                x += glyph.advance * size
        return tuple(glyphs), right


def _clip(item: _Item, start: int, end: int) -> _Item:
    return item._replace(start=max(item.start, start), end=min(item.end, end))
