"""What was said: the same shape whichever provider heard it."""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

UTTERANCE_PAUSE_MS = 1_000
"""Where nobody tells speakers apart, a silence this long ends an utterance."""


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word, `start` and `end` in milliseconds from the source's beginning; `confidence` is 0 to 1."""

    text: str
    start: int
    end: int
    confidence: float
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Utterance(Word):
    """What one speaker said without a break; fields as of a word."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """Words in the order of their beginnings, utterances likewise. Times are whole milliseconds.

    `analyses` holds what was asked for beside the words, by the name of its option, as the provider tells it.
    """

    text: str
    words: tuple[Word, ...]
    utterances: tuple[Utterance, ...]
    provider: str
    model: str
    language: str | None = None
    duration_ms: int = 0
    analyses: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def as_json(self, *, word_timings: bool = True) -> dict[str, Any]:
        """The artifact. Without `word_timings` the list of words is empty; `notes` travel beside it."""
        return {
            "text": self.text,
            "language": self.language,
            "provider": self.provider,
            "model": self.model,
            "duration": self.duration_ms,
            "words": [asdict(word) for word in self.words] if word_timings else [],
            "utterances": [asdict(utterance) for utterance in self.utterances],
            **self.analyses,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Transcript":
        """The transcript that `as_json` wrote; everything that is no field of it counts as an analysis."""
        known = {"text", "language", "provider", "model", "duration", "words", "utterances", "notes"}
        return cls(
            text=data["text"],
            words=tuple(Word(**word) for word in data["words"]),
            utterances=tuple(Utterance(**utterance) for utterance in data["utterances"]),
            provider=data["provider"],
            model=data["model"],
            language=data["language"],
            duration_ms=data["duration"],
            analyses={name: value for name, value in data.items() if name not in known},
            notes=tuple(data.get("notes", ())),
        )


def milliseconds(seconds: float) -> int:
    """Whole milliseconds; what is no number or negative counts as 0."""
    return max(0, round(seconds * 1000)) if math.isfinite(seconds) else 0


def in_order(words: Iterable[Word]) -> tuple[Word, ...]:
    """Words by their beginnings, none without a text, none shorter than a millisecond, none before the source."""
    return tuple(sorted((word for word in map(_sane, words) if word.text), key=lambda word: word.start))


def _sane(word: Word) -> Word:
    start = max(0, word.start)
    confidence = min(1.0, max(0.0, word.confidence)) if math.isfinite(word.confidence) else 0.0
    return replace(word, text=_one_line(word.text), start=start, end=max(start + 1, word.end), confidence=confidence)


def _one_line(text: str) -> str:
    """Without control characters, and with single spaces for white space."""
    return " ".join("".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text).split())


def utterances_of(words: Sequence[Word], pause_ms: int = UTTERANCE_PAUSE_MS) -> tuple[Utterance, ...]:
    """Words joined to utterances: a new one begins with another speaker, or behind a pause of `pause_ms`."""
    return tuple(_joined(run) for run in runs_of(words, pause_ms))


def runs_of(words: Sequence[Word], pause_ms: int) -> Iterator[list[Word]]:
    """The words in runs of one speaker without a pause of `pause_ms` or more."""
    run: list[Word] = []
    for word in words:
        if run and (word.speaker != run[-1].speaker or word.start - run[-1].end >= pause_ms):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _joined(run: Sequence[Word]) -> Utterance:
    return Utterance(
        text=spoken_text(word.text for word in run),
        start=run[0].start,
        end=max(word.end for word in run),
        confidence=round(sum(word.confidence for word in run) / len(run), 4),
        speaker=run[0].speaker,
    )


def spoken_text(words: Iterable[str]) -> str:
    """Words as one text: with spaces between them where the script has spaces."""
    text = ""
    for word in words:
        text += word if not text or (_is_unspaced(text[-1]) and _is_unspaced(word[0])) else f" {word}"
    return text


# Written without spaces: kana, Han, Thai, Lao, Burmese, Khmer, and the full-width punctuation between them.
_UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3000, 0x30FF), (0x3400, 0x9FFF), (0xFF00, 0xFFEF))


def _is_unspaced(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _UNSPACED)
