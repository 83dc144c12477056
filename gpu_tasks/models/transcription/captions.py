"""Captions from words: readable lines, long enough to be read, one at a time."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from gpu_tasks.models.transcription.caption_breaks import (
    LINE_WIDTH,
    MAX_READING_SPEED,
    MIN_DURATION_MS,
    Token,
    display_width,
    lines_of,
    split,
    tokens_of,
)
from gpu_tasks.models.transcription.transcript import UTTERANCE_PAUSE_MS, Word, runs_of

MAX_SPEAKER_LENGTH = 10
MIN_APART_MS = 200
"""Captions of people who speak at once begin at least this long one after the other."""


@dataclass(frozen=True, slots=True)
class Caption:
    """One or two lines of text, shown from `start` until `end`, both in milliseconds."""

    start: int
    end: int
    lines: tuple[str, ...]
    speaker: str | None = None


def captions_of(words: Sequence[Word]) -> list[Caption]:
    """The words of a transcript as captions, in order and never two at once.

    At most two lines of 42 columns, broken behind sentences and clauses where there are any; shown for at least a
    second and at no more than 17 characters a second as far as the next caption leaves time.
    """
    captions = sorted(_captions(words), key=lambda caption: caption.start)
    return list(_timed(_apart(captions)))


def _captions(words: Sequence[Word]) -> Iterator[Caption]:
    for run in _runs_by_speaker(words):
        line_width = LINE_WIDTH - display_width(label(run[0].speaker))
        for tokens in split(tokens_of(run, line_width), line_width):
            yield _caption(tokens, line_width)


def _runs_by_speaker(words: Iterable[Word]) -> Iterator[list[Word]]:
    """Who speaks across another is not cut into pieces by that."""
    spoken: defaultdict[str | None, list[Word]] = defaultdict(list)
    for word in words:
        spoken[word.speaker].append(word)
    for own in spoken.values():
        yield from runs_of(own, UTTERANCE_PAUSE_MS)


def label(speaker: str | None) -> str:
    """What may stand before a speaker's words, within their line."""
    return "" if speaker is None else f"{' '.join(speaker.split())[:MAX_SPEAKER_LENGTH]}: "


def _caption(tokens: Sequence[Token], line_width: int) -> Caption:
    first, end = tokens[0].word, max(token.word.end for token in tokens)
    return Caption(first.start, end, lines_of(tokens, line_width), first.speaker)


def _apart(captions: Iterable[Caption]) -> Iterator[Caption]:
    earliest = 0
    for caption in captions:
        start = max(caption.start, earliest)
        yield replace(caption, start=start, end=max(caption.end, start + 1))
        earliest = start + MIN_APART_MS


def _timed(captions: Iterable[Caption]) -> Iterator[Caption]:
    """Each stays until it is read, at most until the next one begins."""
    waiting: Caption | None = None
    for caption in captions:
        if waiting is not None:
            yield replace(waiting, end=min(_read_by(waiting), caption.start))
        waiting = caption
    if waiting is not None:
        yield replace(waiting, end=_read_by(waiting))


def _read_by(caption: Caption) -> int:
    reading_ms = math.ceil(1000 * display_width(" ".join(caption.lines)) / MAX_READING_SPEED)
    return max(caption.end, caption.start + max(MIN_DURATION_MS, reading_ms))
