"""The ink of ranges of characters where they stand at rest, made once and kept: outlines, colour glyphs, bars."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any

import skia

from gpu_tasks.engine.text import bidi
from gpu_tasks.engine.text.layout import Block, SetGlyph
from gpu_tasks.engine.text.outlines import decorations, outline_run, rectangle
from gpu_tasks.engine.text.paragraph import GlyphRun

Range = tuple[int, int]

# Colour glyphs have no outline to measure; none reaches further than this from its pen.
_EMOJI_ASCENT_EM, _EMOJI_DESCENT_EM, _EMOJI_SIDE_EM = 1.15, 0.45, 0.15
_CARET_WIDTH_EM, _CARET_GAP_EM, _CARET_BELOW_EM, _CARET_ABOVE_EM = 0.065, 0.05, 0.18, 0.92


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What is drawn, in box pixels: outlines, and colour glyphs as (blob, bounds).

    `box` is the room of the letters, white space aside, which they turn about the middle of; `ink` bounds the ink.
    """

    paths: tuple[Any, ...]
    blobs: tuple[tuple[Any, Any], ...]
    box: Any
    ink: Any


_KEPT_REMAINDERS = 4


class Shapes:
    """The shapes of one block whose top-left lies at `x`, `y` of its box. `decoration` draws bars with the letters."""

    def __init__(self, block: Block, x: float, y: float, decoration: str) -> None:
        self._block, self._x, self._y, self._decoration = block, x, y, decoration
        self._made: dict[Range, Shape] = {}
        self._remaining = lru_cache(_KEPT_REMAINDERS)(self._make)
        self._bars: dict[int, list[Any]] = {}

    def of(self, start: int, end: int) -> Shape:
        """The characters text[start:end]."""
        if (start, end) not in self._made:
            self._made[start, end] = self._make(((start, end),))
        return self._made[start, end]

    def beside(self, ranges: Sequence[Range]) -> Shape:
        """All characters that no range holds, as one shape; ranges ascend."""
        edges = [0, *(place for taken in ranges for place in taken), len(self._block.text) + 1]
        return self._remaining(tuple((a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b))

    def caret(self, place: int) -> Any:
        """The bar before the character at `place`, on the side from which it is read; behind the text at its end."""
        block, at_end = self._block, False
        found = block.glyphs(place, place + 1)
        while not found and place > 0:
            place, at_end = place - 1, True
            found = block.glyphs(place, place + 1)
        if not found:
            return skia.Rect.MakeEmpty()
        line, size = block.lines[found[0].line], block.size
        lefts_first = _is_rightwards(block.text, place) != at_end
        x = min(entry.glyph.left for entry in found) if lefts_first else max(entry.glyph.right for entry in found)
        x += self._x + line.x + _CARET_GAP_EM * size * (1 if lefts_first != at_end else -1)
        half, baseline = _CARET_WIDTH_EM * size / 2, self._y + line.baseline
        top, bottom = baseline - _CARET_ABOVE_EM * size, baseline + _CARET_BELOW_EM * size
        return skia.Rect.MakeLTRB(x - half, top, x + half, bottom)

    def _make(self, ranges: tuple[Range, ...]) -> Shape:
        entries = [entry for start, end in ranges for entry in self._block.glyphs(start, end)]
        paths, blobs = list[Any](), list[tuple[Any, Any]]()
        for line, of_line in groupby(entries, key=lambda entry: entry.line):
            inside = list(of_line)
            for _, of_run in groupby(inside, key=lambda entry: id(entry.run)):
                self._add_run(list(of_run), paths, blobs)
            if self._decoration != "none":
                paths += self._decorated(line, inside)
        ink = _joined([path.getBounds() for path in paths] + [bounds for _, bounds in blobs])
        return Shape(tuple(paths), tuple(blobs), self._box(ranges, ink), ink)

    def _add_run(self, entries: list[SetGlyph], paths: list[Any], blobs: list[tuple[Any, Any]]) -> None:
        run, line, size = entries[0].run, self._block.lines[entries[0].line], self._block.size
        glyphs = [entry.glyph for entry in entries]
        start = (self._x + line.x, self._y + line.baseline)
        if run.face.is_color:
            blobs.append(_color_run(run, entries, size, *start))
        else:
            paths.append(outline_run(run, glyphs, size, *start))

    def _box(self, ranges: tuple[Range, ...], ink: Any) -> Any:
        outlines = [found for start, end in ranges if (found := self._block.outline(start, end))]
        if not outlines:
            return ink
        return _joined([skia.Rect.MakeLTRB(*found).makeOffset(self._x, self._y) for found in outlines])

    def _decorated(self, number: int, inside: list[SetGlyph]) -> Iterator[Any]:
        """The parts of a line's bars that lie under some of its glyphs and the gaps behind these."""
        line = self._block.lines[number]
        if number not in self._bars:
            start = (self._x + line.x, self._y + line.baseline)
            self._bars[number] = list(decorations(self._block, line, self._decoration, *start))
        cells = sorted({(glyph.left, glyph.char_index) for run in line.runs for glyph in run.glyphs})
        wanted = {entry.glyph.char_index for entry in inside}
        for left, right in _stretches(cells, wanted):
            slab = skia.Rect.MakeLTRB(self._x + line.x + left, -1e6, self._x + line.x + right, 1e6)
            for bar in self._bars[number]:
                part = skia.Rect.MakeLTRB(
                    max(bar.fLeft, slab.fLeft), bar.fTop, min(bar.fRight, slab.fRight), bar.fBottom
                )
                if part.fLeft < part.fRight:
                    yield rectangle(part)


def _stretches(cells: list[tuple[float, int]], wanted: set[int]) -> Iterator[Range | tuple[float, float]]:
    """From left to right where neighbouring cells are wanted; the outer ones reach on without end."""
    edges = [(-1e6, cells[0][1]), *cells[1:], (1e6, -1)]
    start: float | None = None
    for (left, char_index), _ in pairwise(edges):
        if char_index in wanted:
            start = left if start is None else start
        elif start is not None:
            yield start, left
            start = None
    if start is not None:
        yield start, 1e6


def _is_rightwards(text: str, place: int) -> bool:
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    return bidi.levels(text[start : end if end >= 0 else None])[place - start] % 2 == 0


def _joined(rects: Sequence[Any]) -> Any:
    whole = skia.Rect.MakeEmpty()
    for rect in rects:
        whole.join(rect)
    return whole


def _color_run(run: GlyphRun, entries: list[SetGlyph], size: float, x: float, baseline: float) -> tuple[Any, Any]:
    font = skia.Font(run.face.typeface, size * run.face.size_adjust)
    font.setSubpixel(True)
    font.setHinting(skia.FontHinting.kNone)
    font.setEdging(skia.Font.Edging.kAntiAlias)
    glyphs = [entry.glyph for entry in entries]
    points = [skia.Point(x + glyph.x, baseline + glyph.y) for glyph in glyphs]
    builder = skia.TextBlobBuilder()
    builder.allocRunPos(font, [glyph.glyph_id for glyph in glyphs], points)
    bounds = skia.Rect.MakeLTRB(
        x + min(glyph.left for glyph in glyphs) - _EMOJI_SIDE_EM * size,
        baseline - _EMOJI_ASCENT_EM * size,
        x + max(glyph.right for glyph in glyphs) + _EMOJI_SIDE_EM * size,
        baseline + _EMOJI_DESCENT_EM * size,
    )
    return builder.make(), bounds
