"""Transcripts."""

from __future__ import annotations

from typing import Any, Optional

from pydantic import BaseModel, ConfigDict, ValidationError

from framelane.errors import UnexpectedAnswer

# Evaluated by pydantic, also with Python 3.9.
# ruff: noqa: UP045

SECOND_MS = 1000.0


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="allow")


class TranscriptWord(_Lenient):
    """One spoken word. `start` and `end` are MILLISECONDS from the source's beginning; `confidence` is 0 to 1."""

    text: str
    start: int
    end: int
    confidence: Optional[float] = None
    speaker: Optional[str] = None


class Utterance(TranscriptWord):
    """What one speaker said without a break."""


class Transcript(_Lenient):
    """What is said in a file. Analyses that were asked for are further attributes, by the name of their option."""

    text: str
    words: list[TranscriptWord] = []
    utterances: list[Utterance] = []
    language: Optional[str] = None
    provider: Optional[str] = None
    model: Optional[str] = None
    duration: Optional[int] = None
    """Of the source, in milliseconds."""

    @classmethod
    def read(cls, data: bytes) -> Transcript:
        """The transcript in the JSON that a task has written. Raises UnexpectedAnswer."""
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            raise UnexpectedAnswer(f"This is not a transcript: {error}") from None

    def words_for_captions(self, *, offset_s: float = 0.0) -> list[dict[str, Any]]:
        """The words as captions take them: `[{text, start, end}]` in SECONDS, moved by `offset_s`.

        Give the offset when the clip does not begin at the film's beginning: negative when its start is cut off. Words
        that end before 0 are left out; of a word without a length, which captions cannot show, the end is 1 ms later.
        """
        timed = [(word.text, word.start / SECOND_MS + offset_s, word.end / SECOND_MS + offset_s) for word in self.words]
        return [
            {"text": text, "start": round(max(0.0, start), 3), "end": round(max(end, start + 0.001), 3)}
            for text, start, end in timed
            if text and end > 0
        ]
