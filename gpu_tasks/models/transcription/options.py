"""What a customer may ask of a transcription."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SpeechModel = Literal["universal-2", "universal-3-pro", "nano"]
ANALYSES = ("sentiment_analysis", "entity_detection", "auto_highlights", "content_safety", "iab_categories")


class TranscribeOptions(BaseModel):
    """The options of a transcribe task; its other fields (`source_url`, `metadata` …) are ignored.

    `language` is a BCP-47 tag, None means that it is to be recognised. Raises pydantic's ValidationError.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    language: Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$")] | None = None
    speech_model: SpeechModel = "universal-2"
    word_timings: bool = True
    speaker_labels: bool = False
    speakers_expected: Annotated[int, Field(ge=1, le=10)] | None = None
    sentiment_analysis: bool = False
    entity_detection: bool = False
    auto_highlights: bool = False
    content_safety: bool = False
    iab_categories: bool = False
    word_boost: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = Field((), max_length=200)

    @property
    def analyses(self) -> tuple[str, ...]:
        """The analyses asked for, beside the words."""
        return tuple(name for name in ANALYSES if getattr(self, name))
