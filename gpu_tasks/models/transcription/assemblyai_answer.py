"""What AssemblyAI answers, as a transcript."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from gpu_tasks.models.transcription.assemblyai_request import language_tag
from gpu_tasks.models.transcription.options import TranscribeOptions
from gpu_tasks.models.transcription.transcript import Transcript, Utterance, Word, in_order, utterances_of

_RESULTS = {
    "sentiment_analysis": "sentiment_analysis_results",
    "entity_detection": "entities",
    "auto_highlights": "auto_highlights_result",
    "content_safety": "content_safety_labels",
    "iab_categories": "iab_categories_result",
}
_OrEmpty = BeforeValidator(lambda value: [] if value is None else value)


class _Said(BaseModel):
    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    confidence: float = 0.0
    speaker: str | None = None


class _Metadata(BaseModel):
    warning: str | None = None


class Answer(BaseModel):
    """The fields of a finished transcript that are looked at; others are ignored. Times are milliseconds."""

    text: str | None = None
    language_code: str | None = None
    speech_model_used: str | None = None
    audio_duration: float | None = None
    words: Annotated[list[_Said], _OrEmpty] = []
    utterances: Annotated[list[_Said], _OrEmpty] = []
    metadata: _Metadata | None = None


def transcript_of(data: dict[str, Any], options: TranscribeOptions) -> Transcript:
    """The transcript in a finished answer. Raises pydantic's ValidationError for one of another shape."""
    answer = Answer.model_validate(data)
    words = in_order(Word(**said.model_dump()) for said in answer.words)
    told = tuple(Utterance(**said.model_dump()) for said in sorted(answer.utterances, key=lambda said: said.start))
    return Transcript(
        text=answer.text or "",
        words=words,
        utterances=told or utterances_of(words),
        provider="assemblyai",
        model=answer.speech_model_used or options.speech_model,
        language=language_tag(answer.language_code) if answer.language_code else options.language,
        duration_ms=round((answer.audio_duration or 0) * 1000),
        analyses={name: data.get(_RESULTS[name]) for name in options.analyses},
        notes=tuple(_notes(answer, data, options)),
    )


def _notes(answer: Answer, data: dict[str, Any], options: TranscribeOptions) -> list[str]:
    missing = [name for name in options.analyses if data.get(_RESULTS[name]) is None]
    notes = [f"AssemblyAI gave no result for {name}." for name in missing]
    if answer.metadata is not None and answer.metadata.warning:
        notes.append(answer.metadata.warning[:500])
    return notes
