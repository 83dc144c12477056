"""A transcript as text elements of a film: word-by-word captions, ready for a render request as they are."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from gpu_tasks.models.transcription.transcript import Word, runs_of, spoken_text

PAUSE_MS = 2_000
"""Captions leave the picture when nobody speaks for this long."""
HOLD_MS = 500
"""How long they stay behind the last word, where the next ones leave time."""
MAX_WORDS = 500
MAX_ELEMENTS = 300
MAX_TEXT_LENGTH = 10_000
MAX_WORD_LENGTH = 200
_LOOK = {
    "y": "85%",
    "width": "84%",
    "height": "18%",
    "font_size": 44,
    "font_weight": 700,
    "stroke": False,
    "shadow": True,
}


def caption_elements(words: Sequence[Word], style: str = "color") -> list[dict[str, Any]]:
    """Elements for `RenderRequest.elements`, in seconds, for a film in which the source plays from second 0.

    One for each stretch of speech, whoever speaks; `style` is one of the word animation styles.
    """
    spoken = [Word(word.text[:MAX_WORD_LENGTH], word.start, word.end, word.confidence) for word in words]
    runs = list(_bounded(runs_of(spoken, PAUSE_MS)))
    if len(runs) > MAX_ELEMENTS:
        runs = list(_bounded(iter([spoken])))
    return [_element(run, after, style) for run, after in zip_longest(runs, runs[1:])]


def _bounded(runs: Iterator[list[Word]]) -> Iterator[list[Word]]:
    """Runs of at most `MAX_WORDS` words."""
    for run in runs:
        for first in range(0, len(run), MAX_WORDS):
            yield run[first : first + MAX_WORDS]


def _element(run: Sequence[Word], after: Sequence[Word] | None, style: str) -> dict[str, Any]:
    start, end = run[0].start, max(word.end for word in run)
    # The last ones end with their words: captions make no film longer.
    if after is not None:
        end = max(min(end + HOLD_MS, after[0].start), run[-1].start + 1)
    timed = [
        {"text": word.text, "start": word.start / 1000, "end": max(word.start + 1, min(word.end, end)) / 1000}
        for word in run
    ]
    return {
        "type": "text",
        "text": spoken_text(word.text for word in run)[:MAX_TEXT_LENGTH],
        "time": start / 1000,
        "duration": (end - start) / 1000,
        **_LOOK,
        "word_animation": {"style": style, "words": timed},
    }
