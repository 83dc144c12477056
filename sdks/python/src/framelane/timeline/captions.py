"""Spoken words as a text with a word animation."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from framelane.timeline.problems import InvalidTimeline
from framelane.timeline.times import exact, number, positive_s, time_s


class Spoken(NamedTuple):
    """A word and its seconds of the film."""

    text: str
    start: float
    end: float


def caption_text(words: Iterable[Any], style: str) -> dict[str, Any]:
    """A text element that shows the words as they are spoken, from the first start to the last end.

    Raises InvalidTimeline where there is no word, or one that ends before it starts.
    """
    spoken = [_spoken(word, place) for place, word in enumerate(words)]
    if not spoken:
        raise InvalidTimeline("words: at least one is needed")
    begins = min(word.start for word in spoken)
    lasts = exact(max(word.end for word in spoken)) - exact(begins)
    return {
        "type": "text",
        "text": " ".join(word.text for word in spoken),
        "time": begins,
        "duration": number(lasts),
        "word_animation": {"style": style, "words": [word._asdict() for word in spoken]},
    }


def _spoken(word: Any, place: int) -> Spoken:
    """A word as given: a mapping, or an object with these attributes."""
    fields = word if isinstance(word, Mapping) else {name: getattr(word, name, None) for name in Spoken._fields}
    text, start, end = (fields.get(name) for name in Spoken._fields)
    if not isinstance(text, str):
        raise InvalidTimeline(f"words.{place}.text: {text!r} is no text")
    if positive_s(f"words.{place}.end", end) <= time_s(f"words.{place}.start", start):
        raise InvalidTimeline(f"words.{place}: {text!r} ends at {end} s; after its start at {start} s is accepted")
    return Spoken(text, _plain(start), _plain(end))


def _plain(seconds: Any) -> float:
    return number(exact(seconds))
