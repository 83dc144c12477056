"""Where a run of speech breaks into captions, and a caption into lines."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gpu_tasks.models.transcription.transcript import Word, spoken_text

LINE_WIDTH = 42
MAX_LINES = 2
MAX_READING_SPEED = 17.0
"""Characters a second that viewers can follow."""
MIN_DURATION_MS = 1_000
MAX_DURATION_MS = 7_000

_SENTENCE_ENDS = ".?!…。！？؟।"
_CLAUSE_ENDS = ",;:–—、，；：،؛"
_CLOSERS = "\"'”’»)]）」』"
# Costs are in the worth of one caption more: a break at a comma is worth about half of one, and so on.
_CAPTION, _CLAUSE_BREAK, _BARE_BREAK, _SENTENCE_INSIDE = 0.6, 0.5, 1.0, 0.7
_TOO_FAST, _TOO_SHORT = 0.2, 1.0


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or a piece of one that is wider than a line. `space` is the width of what separates it from the last."""

    word: Word
    width: int
    space: int


def display_width(text: str) -> int:
    """Columns: 2 for full-width characters, 0 for marks that sit on others."""
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def tokens_of(words: Sequence[Word], line_width: int) -> list[Token]:
    """The words of a run, those wider than a line in pieces."""
    tokens: list[Token] = []
    for word in words:
        for place, piece in enumerate(_pieces(word, line_width)):
            spaced = tokens and place == 0 and " " in spoken_text([tokens[-1].word.text[-1], piece.text[0]])
            tokens.append(Token(piece, display_width(piece.text), 1 if spaced else 0))
    return tokens


def _pieces(word: Word, line_width: int) -> Iterator[Word]:
    text = " ".join(word.text.split())
    if display_width(text) <= line_width:
        yield replace(word, text=text)
        return
    parts = list(_chopped(text, line_width))
    length_ms, done = word.end - word.start, 0
    for part in parts:
        start, done = word.start + length_ms * done // len(text), done + len(part)
        yield replace(word, text=part, start=start, end=word.start + length_ms * done // len(text))


def _chopped(text: str, line_width: int) -> Iterator[str]:
    """Text in parts that fit a line; marks stay with their letters."""
    part, width = "", 0
    for character in text:
        if width + _character_width(character) > line_width:
            yield part
            part, width = "", 0
        part, width = part + character, width + _character_width(character)
    yield part


def text_of(tokens: Sequence[Token]) -> str:
    """Tokens as one line."""
    return "".join(" " * (token.space if place else 0) + token.word.text for place, token in enumerate(tokens))


def width_of(tokens: Sequence[Token]) -> int:
    """The columns that `text_of` takes."""
    return sum(token.space + token.width for token in tokens) - (tokens[0].space if tokens else 0)


def lines_of(tokens: Sequence[Token], width: int) -> tuple[str, ...]:
    """One line where all fits, else two of like length, broken at punctuation where that costs little."""
    if width_of(tokens) <= width or len(tokens) < 2:
        return (text_of(tokens),)
    place = min(range(1, len(tokens)), key=lambda place: _line_break_cost(tokens, place, width))
    return text_of(tokens[:place]), text_of(tokens[place:])


def _line_break_cost(tokens: Sequence[Token], place: int, width: int) -> float:
    first, second = width_of(tokens[:place]), width_of(tokens[place:])
    too_wide = max(0, first - width) + max(0, second - width)
    # Of two breaks that are equally good the one with the longer second line covers less of the picture.
    return 1000 * too_wide + abs(first - second) + (0.5 if first > second else 0) + 20 * _break_cost(tokens[place - 1])


def _break_cost(token: Token) -> float:
    last = token.word.text.rstrip(_CLOSERS)[-1:]
    if last and last in _SENTENCE_ENDS:
        return 0.0
    return _CLAUSE_BREAK if last and last in _CLAUSE_ENDS else _BARE_BREAK


def split(tokens: Sequence[Token], line_width: int) -> list[list[Token]]:
    """Break a run into captions of at most two lines, by the least sum of costs (Knuth and Plass 1981 for lines)."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for stop in range(1, len(tokens) + 1):
        best.append(min(_candidates(tokens, stop, best, line_width)))
    captions, stop = [], len(tokens)
    while stop:
        start = best[stop][1]
        captions.append(list(tokens[start:stop]))
        stop = start
    return captions[::-1]


def _candidates(
    tokens: Sequence[Token], stop: int, best: Sequence[tuple[float, int]], line_width: int
) -> Iterator[tuple[float, int]]:
    """The cost of everything up to `stop` for each place where its last caption may begin."""
    width, sentences = 0, 0
    for start in range(stop - 1, -1, -1):
        first = tokens[start]
        width += first.width + (tokens[start + 1].space if start + 1 < stop else 0)
        sentences += start + 1 < stop and _break_cost(first) == 0
        caption = tokens[start:stop]
        if start + 1 < stop and not (_is_brief(caption) and _fits(caption, width, line_width)):
            return
        cost = best[start][0] + _caption_cost(tokens, start, stop, width) + _SENTENCE_INSIDE * sentences
        yield cost, start


def _is_brief(caption: Sequence[Token]) -> bool:
    return caption[-1].word.end - caption[0].word.start <= MAX_DURATION_MS


def _fits(caption: Sequence[Token], width: int, line_width: int) -> bool:
    """Whether two lines can hold it: the first takes as much as it can."""
    taken = -caption[0].space
    for token in caption:
        if taken + token.space + token.width > line_width:
            return width - taken - token.space <= line_width
        taken += token.space + token.width
    return True


def _caption_cost(tokens: Sequence[Token], start: int, stop: int, width: int) -> float:
    is_last = stop == len(tokens)
    until = tokens[stop - 1].word.end + MIN_DURATION_MS if is_last else tokens[stop].word.start
    shown_s = max(until - tokens[start].word.start, 1) / 1000
    speed = max(0.0, width / shown_s - MAX_READING_SPEED)
    short = max(0.0, MIN_DURATION_MS / 1000 - shown_s)
    at_end = 0.0 if is_last else _break_cost(tokens[stop - 1])
    return _CAPTION + at_end + _TOO_FAST * speed + _TOO_SHORT * short
