"""From paragraphs to a block of aligned lines, and where its words stand.

All distances are pixels at scale 1, y downwards. Indices count characters of `Block.text`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gpu_tasks.engine.text import unicode_text
from gpu_tasks.engine.text.faces import FontLibrary, Metrics
from gpu_tasks.engine.text.paragraph import FaceChooser, GlyphRun, Paragraph, SetLine, TextStyle

_ALIGNMENTS = {"left": 0.0, "center": 0.5, "right": 1.0}
_BOX_HEIGHT_EM = 1.2


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
