"""Caption tracks: the words of a `word_animation` as one text, and the pages that its box turns."""

from collections.abc import Sequence
from typing import NamedTuple

from gpu_tasks.engine.text import unicode_text
from gpu_tasks.engine.text.layout import Block
from gpu_tasks.timeline.request import Word

Range = tuple[int, int]
# Written without spaces between words.
_UNSPACED_SCRIPTS = frozenset({"Hani", "Hira", "Kana", "Bopo", "Thai", "Laoo", "Khmr", "Mymr"})


class Page(NamedTuple):
    """`lines` lines that are shown together: text[start:end], moved down by `shift_px` from where it was laid out."""

    lines: int
    start: int
    end: int
    shift_px: float


def joined(words: Sequence[Word]) -> tuple[str, tuple[Range, ...]]:
    """The text of a track, and the characters of every word in it. Words are joined by spaces where scripts have them.

    White space inside and around a word becomes single spaces; a word without ink is an empty range.
    """
    text, ranges = "", list[Range]()
    for word in words:
        drawn = " ".join(" ".join(unicode_text.paragraphs(word.text)).split())
        drawn = drawn if unicode_text.is_visible(drawn) else ""
        if drawn and text and not (_is_unspaced(text[-1]) and _is_unspaced(drawn[0])):
            text += " "
        ranges.append((len(text), len(text) + len(drawn)))
        text += drawn
    return text, tuple(ranges)


def _is_unspaced(character: str) -> bool:
    return character in "。、，！？」』" or unicode_text.scripts(character)[0] in _UNSPACED_SCRIPTS


def pages(block: Block, room_px: float) -> tuple[Page, ...]:
    """The lines of a block in pages that fit into `room_px`, one line at least; a shorter last page is centred."""
    line_px = block.height / len(block.lines)
    count = max(1, int(room_px / line_px + 1e-6)) if line_px > 0 else len(block.lines)
    count = min(count, len(block.lines))
    starts = range(0, len(block.lines), count)
    return tuple(
        Page(
            len(block.lines[first : first + count]),
            block.lines[first].start,
            len(block.text) if first + count >= len(block.lines) else block.lines[first + count].start,
            line_px * (count - len(block.lines[first : first + count])) / 2 - line_px * first,
        )
        for first in starts
    )
