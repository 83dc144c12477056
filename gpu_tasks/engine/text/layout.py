"""From a string to glyphs in lines: itemisation, shaping, wrapping, visual order and alignment.

All distances are pixels at scale 1, y downwards. Indices count characters of `Block.text`.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, islice, takewhile
from typing import NamedTuple

from gpu_tasks.engine.text import bidi, unicode_text
from gpu_tasks.engine.text.faces import Face, FontLibrary, Metrics, ShapedGlyph
from gpu_tasks.media.fonts import FontFamily

_ALIGNMENTS = {"left": 0.0, "center": 0.5, "right": 1.0}
_SOFT_HYPHEN = "\u00ad"
# Letters of these scripts touch; space between them would tear words apart.
_JOINED_SCRIPTS = frozenset({"Arab", "Syrc", "Nkoo", "Mong", "Deva", "Beng", "Guru"})
_BOX_HEIGHT_EM = 1.2


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


@dataclass(frozen=True, slots=True)
class Line:
    """One line: text[start:end] without its trailing white space. `x` is its left end, `baseline` its y."""

    runs: tuple[GlyphRun, ...]
    start: int
    end: int
    width: float
    x: float
    baseline: float


@dataclass(frozen=True, slots=True)
class WordBox:
    """Where text[start:end] stands in one line: a rectangle in pixels, 1.2 em high, centred on the capitals."""

    text: str
    start: int
    end: int
    line: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Block:
    """A laid-out text. `width` is that of the widest line, `height` lines × leading × size."""

    text: str
    size: float
    metrics: Metrics
    lines: tuple[Line, ...]
    width: float
    height: float
    missing: tuple[str, ...]

    def boxes(self, start: int, end: int) -> list[WordBox]:
        """The rectangles of a range of the text, one for every line it reaches into."""
        found = (self._box(number, line, start, end) for number, line in enumerate(self.lines))
        return [box for box in found if box is not None]

    def words(self) -> list[WordBox]:
        """The rectangles of all words between white space; a word broken over two lines has two."""
        return [box for start, end in _word_ranges(self.text) for box in self.boxes(start, end)]

    def _box(self, number: int, line: Line, start: int, end: int) -> WordBox | None:
        inside = [glyph for run in line.runs for glyph in run.glyphs if start <= glyph.char_index < end]
        if not inside:
            return None
        left, right = min(glyph.left for glyph in inside), max(glyph.right for glyph in inside)
        middle = line.baseline - self.metrics.cap_height * self.size / 2
        height = _BOX_HEIGHT_EM * self.size
        first, last = max(start, line.start), min(end, line.end)
        top = middle - height / 2
        return WordBox(self.text[first:last], first, last, number, line.x + left, top, right - left, height)


def _word_ranges(text: str) -> Iterator[tuple[int, int]]:
    start = None
    for place, character in enumerate(text + " "):
        if character.isspace():
            if start is not None:
                yield start, place
            start = None
        elif start is None:
            start = place


def lay_out(text: str, style: TextStyle, library: FontLibrary) -> Block:
    """Lay a text out in a style."""
    main = library.main_face(style.family, style.weight, style.italic)
    chooser = _FaceChooser(style, library, main)
    raw: list[tuple[tuple[GlyphRun, ...], int, int, float]] = []
    parts, offset = unicode_text.paragraphs(text), 0
    for part in parts:
        raw += _Paragraph(part, offset, style, chooser).lines()
        offset += len(part) + 1
    width = max(line[3] for line in raw)
    height = style.leading * style.size
    frame = width if style.frame_width is None else style.frame_width
    drop = height / 2 + main.metrics.cap_height * style.size / 2
    lines = (
        Line(runs, start, end, line_width, (frame - line_width) * _ALIGNMENTS[style.align], number * height + drop)
        for number, (runs, start, end, line_width) in enumerate(raw)
    )
    missing = tuple(sorted(chooser.missing))
    return Block("\n".join(parts), style.size, main.metrics, tuple(lines), width, height * len(raw), missing)


@dataclass
class _FaceChooser:
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


class _Paragraph:
    """One paragraph; indices are local until the glyphs of a line are placed."""

    def __init__(self, text: str, offset: int, style: TextStyle, chooser: _FaceChooser) -> None:
        self.text = text
        self.offset = offset
        self.style = style
        self.codes = [ord(character) for character in text]
        self.language = unicode_text.language_of(text)
        self.clusters = unicode_text.clusters(text, self.language) if text else []
        self.items = self._items(chooser)
        self._shaped: dict[tuple[int, int], list[ShapedGlyph]] = {}

    def _items(self, chooser: _FaceChooser) -> list[_Item]:
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

    def lines(self) -> list[tuple[tuple[GlyphRun, ...], int, int, float]]:
        """Per line: its runs, its start and end in the whole text, its width in pixels."""
        placed = []
        for start, end in self._ranges():
            visible = self._visible_end(start, end)
            runs, width = self._place(start, visible, hyphen=end < len(self.text))
            placed.append((runs, self.offset + start, self.offset + visible, width))
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
        return 0.0 if item.script in _JOINED_SCRIPTS else self.style.tracking * self.style.size

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
