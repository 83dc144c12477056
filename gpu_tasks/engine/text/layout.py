"""From paragraphs to a block of aligned lines, and where its words stand.

All distances are pixels at scale 1, y downwards. Indices count characters of `Block.text`.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from gpu_tasks.engine.text import unicode_text
from gpu_tasks.engine.text.faces import FontLibrary, Metrics
from gpu_tasks.engine.text.paragraph import FaceChooser, Glyph, GlyphRun, Paragraph, SetLine, TextStyle

_ALIGNMENTS = {"left": 0.0, "center": 0.5, "right": 1.0}
_BOX_HEIGHT_EM = 1.2

Bounds = tuple[float, float, float, float]
"""Left, top, right and bottom."""


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


class SetGlyph(NamedTuple):
    """A glyph with the run and the line it stands in."""

    glyph: Glyph
    run: GlyphRun
    line: int


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
        by_line: dict[int, list[Glyph]] = {}
        for found in self.glyphs(start, end):
            by_line.setdefault(found.line, []).append(found.glyph)
        return [self._box(number, glyphs, start, end) for number, glyphs in by_line.items()]

    def words(self) -> list[WordBox]:
        """The rectangles of all words between white space; a word broken over two lines has two."""
        return [box for start, end in word_ranges(self.text) for box in self.boxes(start, end)]

    def glyphs(self, start: int, end: int) -> list[SetGlyph]:
        """The glyphs of text[start:end] in logical order."""
        return self._in_order[bisect_left(self._char_indices, start) : bisect_left(self._char_indices, end)]

    @cached_property
    def _in_order(self) -> list[SetGlyph]:
        found = [
            SetGlyph(glyph, run, number)
            for number, line in enumerate(self.lines)
            for run in line.runs
            for glyph in run.glyphs
        ]
        return sorted(found, key=lambda entry: entry.glyph.char_index)

    @cached_property
    def _char_indices(self) -> list[int]:
        return [entry.glyph.char_index for entry in self._in_order]

    def outline(self, start: int, end: int) -> Bounds | None:
        """The smallest rectangle around the rectangles of text[start:end], white space aside; None without any."""
        inside = [entry for entry in self.glyphs(start, end) if not self.text[entry.glyph.char_index].isspace()]
        if not inside:
            return None
        boxes = [self._box(entry.line, [entry.glyph], start, end) for entry in inside]
        return (
            min(box.x for box in boxes),
            min(box.y for box in boxes),
            max(box.x + box.width for box in boxes),
            max(box.y + box.height for box in boxes),
        )

    def _box(self, number: int, inside: list[Glyph], start: int, end: int) -> WordBox:
        line = self.lines[number]
        left, right = min(glyph.left for glyph in inside), max(glyph.right for glyph in inside)
        middle = line.baseline - self.metrics.cap_height * self.size / 2
        height = _BOX_HEIGHT_EM * self.size
        first, last = max(start, line.start), min(end, line.end)
        top = middle - height / 2
        return WordBox(self.text[first:last], first, last, number, line.x + left, top, right - left, height)


def word_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Where the words between white space start and end."""
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
    chooser = FaceChooser(style, library, main)
    raw: list[SetLine] = []
    parts, offset = unicode_text.paragraphs(text), 0
    for part in parts:
        raw += Paragraph(part, offset, style, chooser).lines()
        offset += len(part) + 1
    width = max(line.width for line in raw)
    height = style.leading * style.size
    frame = width if style.frame_width is None else style.frame_width
    drop = height / 2 + main.metrics.cap_height * style.size / 2
    lines = (
        Line(*line, x=(frame - line.width) * _ALIGNMENTS[style.align], baseline=number * height + drop)
        for number, line in enumerate(raw)
    )
    missing = tuple(sorted(chooser.missing))
    return Block("\n".join(parts), style.size, main.metrics, tuple(lines), width, height * len(raw), missing)
