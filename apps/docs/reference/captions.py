"""Captions: every style in which the words of a text are shown as they are spoken."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from apps.docs.pages import Page
from apps.docs.reference.catalogue import entries
from apps.docs.reference.fields import model_table
from apps.docs.reference.writing import example, film, page, unsupported
from gpu_tasks.timeline.described import CAPTION_STYLES, MARKED_BY_COLOUR
from gpu_tasks.timeline.request import Word, WordAnimation

_WORDS: Final = [
    {"text": "Lights", "start": 0.2, "end": 0.7},
    {"text": "come", "start": 0.7, "end": 1.1},
    {"text": "on", "start": 1.1, "end": 1.6},
]
_TEXT: Final = {"type": "text", "text": "Lights come on", "duration": 2, "y": "80%", "width": "80%", "font_size": 48}
_COLOUR: Final = {"glow": "#ffe08a", "box": "#e2445c", "color": "#ffd60a"}


def pages() -> Iterable[Page]:
    """The page of captions."""
    yield page(
        "captions",
        "# Captions",
        "`word_animation` turns a text into captions: its words are laid out as lines, and each shows when it is "
        "spoken.",
        example(
            {**_TEXT, "background_color": "#e2445c", "word_animation": {"style": "box", "words": _WORDS}}, "element"
        ),
        "The words of a transcript have their times in milliseconds; divide them by 1,000. The `text` of the "
        "element names what is said for people and programs; what is shown are the `words`.",
        "## Parameters",
        model_table(WordAnimation),
        "### Fields of a word",
        model_table(Word),
        "`background_color` of the element is the colour that marks the spoken word in the styles `glow`, `box` "
        "and `color`. With `background: true` a plate lies behind all words, as opaque as `background_opacity` "
        "says.",
        "## Styles",
        *(part for entry in entries("word_animations") for part in _section(entry)),
    )


def _section(entry: dict[str, Any]) -> Iterator[str]:
    style = entry["type"]
    yield f"### {style}"
    yield CAPTION_STYLES[style]
    yield unsupported(entry)
    yield film("captions", style, f"Captions in the style {style}")
    if entry["supported"]:
        marked = {"background_color": _COLOUR[style]} if style in MARKED_BY_COLOUR else {}
        yield example({**_TEXT, **marked, "word_animation": {"style": style, "words": _WORDS}}, "element")
