"""What of a text moves as one: letters, words or lines, in reading order."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from gpu_tasks.engine.text import unicode_text
from gpu_tasks.engine.text.layout import Block, Bounds, word_ranges
from gpu_tasks.engine.text.paragraph import JOINED_SCRIPTS

Unit = Literal["letter", "word", "line"]
Range = tuple[int, int]


class Spot(NamedTuple):
    """The characters text[start:end] of one line, white space behind them included, and their bounds without it."""

    start: int
    end: int
    bounds: Bounds

    @property
    def centre(self) -> tuple[float, float]:
        left, top, right, bottom = self.bounds
        return (left + right) / 2, (top + bottom) / 2


def spots(block: Block, unit: Unit) -> tuple[Spot, ...]:
    """All letters, words or lines of a block. Bounds are pixels of the block.

    A letter is a grapheme cluster, or what a font joins into one glyph; words whose letters touch stay whole.
    A word that is broken over two lines makes two spots. Together they cover every character that has ink.
    """
    if unit == "line":
        return tuple(_spots(block, [(line.start, line.end) for line in block.lines]))
    ranges = _letters(block) if unit == "letter" else _words(block)
    return tuple(_spots(block, list(_with_trailing(ranges, block))))


def _spots(block: Block, ranges: list[Range]) -> Iterator[Spot]:
    for start, end in ranges:
        bounds = block.outline(start, end)
        if bounds is not None:
            yield Spot(start, end, bounds)


def _words(block: Block) -> Iterator[Range]:
    for start, end in word_ranges(block.text):
        yield from ((box.start, box.end) for box in block.boxes(start, end))


def _letters(block: Block) -> list[Range]:
    ranges: list[Range] = []
    scripts = unicode_text.scripts(block.text)
    for line in block.lines:
        starts = sorted({glyph.char_index for run in line.runs for glyph in run.glyphs})
        first = len(ranges)
        for start, end in pairwise([*starts, line.end]):
            if not unicode_text.is_visible(block.text[start:end]):
                continue
            joins = len(ranges) > first and ranges[-1][1] == start and scripts[start] in JOINED_SCRIPTS
            if joins and scripts[start] == scripts[ranges[-1][0]]:
                ranges[-1] = (ranges[-1][0], end)
            else:
                ranges.append((start, end))
    return ranges


def _with_trailing(ranges: Iterator[Range] | list[Range], block: Block) -> Iterator[Range]:
    """Ranges prolonged to the next one in their line, or to its end."""
    ordered = list(ranges)
    line = 0
    for place, (start, end) in enumerate(ordered):
        while line + 1 < len(block.lines) and block.lines[line + 1].start <= start:
            line += 1
        limit = ordered[place + 1][0] if place + 1 < len(ordered) else len(block.text)
        yield start, max(end, min(limit, block.lines[line].end))
