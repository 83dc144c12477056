"""The bodies of tasks, as Pydantic models: one operation on one media file.

Like `RenderRequest` they validate requests, are exported into the OpenAPI document, and say what capabilities lists.
Fields, ranges and defaults are those of the catalogue.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from gpu_tasks.timeline.lint import InvalidRequest, Violation
from gpu_tasks.timeline.problems import Problem, problems_of
from gpu_tasks.timeline.request import Model
from gpu_tasks.timeline.values import HexColor, Url, parse_color

MAX_METADATA_ENTRIES = 64
MAX_BOOSTED_LENGTH = 200
# RFC 5646, without its grandfathered and private-use tags: language, then script, region and variants.
_LANGUAGE_TAG = re.compile(
    r"[a-z]{2,3}(-[a-z]{3}){0,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*",
    re.ASCII | re.IGNORECASE,
)


class BackgroundOutput(StrEnum):
    ALPHA = "alpha"
    MATTE = "matte"
    COLOR = "color"
    BLUR = "blur"


class AlphaFormat(StrEnum):
    WEBM = "webm"
    MOV = "mov"


class SpeechModel(StrEnum):
    UNIVERSAL_2 = "universal-2"
    UNIVERSAL_3_PRO = "universal-3-pro"
    NANO = "nano"


def _example(value: Any) -> dict[str, Any]:
    return {"example": value}


def _few_entries(metadata: dict[str, str]) -> dict[str, str]:
    # Not a bound of the schema: the published one has none.
    if len(metadata) > MAX_METADATA_ENTRIES:
        limits = {"received": len(metadata), "accepted": MAX_METADATA_ENTRIES}
        raise PydanticCustomError("metadata", "{received} entries; at most {accepted} are accepted", limits)
    return metadata


def _language_tag(tag: str) -> str:
    if not _LANGUAGE_TAG.fullmatch(tag):
        message = "{tag} is not a BCP 47 language tag; write en, en-US or zh-Hans-CN"
        raise PydanticCustomError("language", message, {"tag": repr(tag)})
    return tag


def _boosted(words: list[str]) -> list[str]:
    for word in words:
        if not word.strip() or len(word) > MAX_BOOSTED_LENGTH:
            message = "{word} has {length} characters; words and phrases of 1 to {accepted} are accepted"
            facts = {"word": repr(word[:40]), "length": len(word), "accepted": MAX_BOOSTED_LENGTH}
            raise PydanticCustomError("word_boost", message, facts)
    return words


Metadata = Annotated[dict[str, str], AfterValidator(_few_entries)]
LanguageTag = Annotated[str, Field(max_length=35), AfterValidator(_language_tag)]


class TaskBody(Model):
    """What every task takes."""

    source_url: Url = Field(
        description="The media file to work on.", json_schema_extra=_example("https://cdn.example.com/talk.mp4")
    )
    metadata: Metadata = Field(
        default_factory=dict,
        description="Returned with the job wherever it appears.",
        json_schema_extra=_example({"project_id": "proj_123"}),
    )
    webhook_url: Url | None = Field(
        None,
        description="Receives this job's events instead of the workspace's webhooks.",
        json_schema_extra=_example("https://app.example.com/hooks/framelane"),
    )


class SuperResolutionBody(TaskBody):
    """Enlarges a video or an image; the same kind comes out, with its sound and its frames."""

    source_url: Url = Field(
        description="The video or image to enlarge.", json_schema_extra=_example("https://cdn.example.com/small.jpg")
    )
    scale: float = Field(
        2,
        ge=1,
        le=4,
        description="Factor for both sides, which are rounded to whole pixels, for video to even ones.",
        json_schema_extra=_example(2),
    )


class GazeRedirectBody(TaskBody):
    """Turns the eyes towards the camera; frames in which that cannot be done well stay as they are."""

    source_url: Url = Field(
        description="A video or image with a face.", json_schema_extra=_example("https://cdn.example.com/talk.mp4")
    )
    intensity: float = Field(
        1, ge=0, le=1, description="Share of the way to the camera; 0 leaves the eyes as they are."
    )


class RemoveBackgroundBody(TaskBody):
    """Separates people from what is behind them."""

    source_url: Url = Field(
        description="A video or image with people.", json_schema_extra=_example("https://cdn.example.com/talk.mp4")
    )
    output: BackgroundOutput = Field(
        BackgroundOutput.ALPHA,
        description="What becomes of the background: transparent, black where people are white, "
        "of one colour, or blurred.",
    )
    background_color: HexColor | None = Field(
        None,
        description="What `output` `color` paints behind the person: needed there, opaque, and ignored elsewhere.",
        json_schema_extra=_example("#00b140"),
    )
    format: AlphaFormat | None = Field(
        None,
        description="The container of a video with `output` `alpha`, `webm` unless given; ignored for images. "
        "Other outputs are mp4, and take no format.",
        json_schema_extra=_example("mov"),
    )


class TranscribeBody(TaskBody):
    """Turns speech into text, as JSON with times in milliseconds, and as subtitles beside it."""

    source_url: Url = Field(
        description="A video or audio file with speech.", json_schema_extra=_example("https://cdn.example.com/talk.mp3")
    )
    language: LanguageTag | None = Field(
        None, description="BCP 47 tag of what is spoken; null detects it.", json_schema_extra=_example("en-US")
    )
    speech_model: SpeechModel = Field(
        SpeechModel.UNIVERSAL_2,
        description="Which of the provider's models listens; a Whisper of your own is always used.",
    )
    word_timings: bool = Field(True, description="Every word has its times.")
    speaker_labels: bool = Field(False, description="Tell speakers apart; fills `utterances`.")
    speakers_expected: int | None = Field(
        None, ge=1, le=10, description="How many people speak, where that is known; with `speaker_labels`."
    )
    sentiment_analysis: bool = Field(False, description="Positive, neutral or negative, by sentence.")
    entity_detection: bool = Field(False, description="Names, places, dates and the like.")
    auto_highlights: bool = Field(False, description="The phrases that matter.")
    content_safety: bool = Field(False, description="Delicate subjects and where they come up.")
    iab_categories: bool = Field(False, description="Topics by the IAB's taxonomy.")
    word_boost: Annotated[list[str], AfterValidator(_boosted)] = Field(
        default_factory=list,
        max_length=200,
        description="Words and phrases that are likely to come up.",
        json_schema_extra=_example(["Framelane"]),
    )


BODIES: Final[dict[str, type[TaskBody]]] = {
    "remove_background": RemoveBackgroundBody,
    "gaze_redirect": GazeRedirectBody,
    "super_resolution": SuperResolutionBody,
    "transcribe": TranscribeBody,
}
"""The body of each task type."""


def parse_task(task_type: str, payload: Any) -> TaskBody:
    """Validate the body of a task as far as possible without looking at its source. Raises InvalidRequest."""
    try:
        body = BODIES[task_type].model_validate(payload)
    except ValidationError as error:
        raise InvalidRequest("validation_error", problems_of(error, payload)) from None
    if errors := [Problem(v.path, v.code, v.message) for v in lint_task(body) if v.severity == "error"]:
        raise InvalidRequest("validation_error", errors)
    return body


def options_of(task_type: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """What a validated request asks of the task itself, with the defaults of what it leaves open."""
    return BODIES[task_type].model_validate(request).model_dump(mode="json", exclude=set(TaskBody.model_fields))


def lint_task(body: TaskBody) -> list[Violation]:
    """What is wrong, or probably not meant, between the fields of a body that passed its schema."""
    check = _CHECKS.get(type(body))
    return list(check(body)) if check else []


def _background_findings(body: Any) -> Iterator[Violation]:
    output, color = BackgroundOutput(body.output), body.background_color
    if output is BackgroundOutput.COLOR and color is None:
        message = "output 'color' needs a background_color; write it as #rrggbb"
        yield Violation("missing", message, "error", "/background_color")
    elif output is BackgroundOutput.COLOR and parse_color(color)[3] != 255:
        message = f"{color!r} is not opaque; output 'color' takes #rrggbb, and output 'alpha' makes transparency"
        yield Violation("opaque_color", message, "error", "/background_color")
    elif output is not BackgroundOutput.COLOR and color is not None:
        message = f"background_color is for output 'color'; output {output.value!r} does not use it"
        yield Violation("BACKGROUND_COLOR_UNUSED", message, "warning", "/background_color")
    if output is not BackgroundOutput.ALPHA and body.format is not None:
        message = f"format {body.format!r} is for output 'alpha'; output {output.value!r} of a video is mp4"
        yield Violation("format_without_alpha", message, "error", "/format")


def _transcribe_findings(body: Any) -> Iterator[Violation]:
    if body.speakers_expected is not None and not body.speaker_labels:
        message = f"speakers_expected {body.speakers_expected} needs speaker_labels: true"
        yield Violation("speaker_labels_missing", message, "error", "/speakers_expected")


_CHECKS: Final[dict[type[TaskBody], Callable[[Any], Iterator[Violation]]]] = {
    RemoveBackgroundBody: _background_findings,
    TranscribeBody: _transcribe_findings,
}
