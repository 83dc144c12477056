"""What a job has made, as a page shows it."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Final

from django.conf import settings

from apps.console.jobs.film.labels import plain
from apps.console.jobs.film.ticks import clock_text
from apps.jobs import downloads
from apps.jobs.models import Job, Status
from apps.jobs.schemas import TaskType
from framelane.lib.storage import StorageError, get_store
from framelane.lib.storage.content_types import content_type_of

MAX_TRANSCRIPT_BYTES: Final = 4 * 1024**2
MAX_TEXT: Final = 50_000
_MAX_UTTERANCES: Final = 500


@dataclass(frozen=True, slots=True)
class Output:
    """A finished file. `media` is `video`, `image`, `audio` or `text`; `url` is "" once it `is_gone`."""

    media: str
    url: str
    extension: str
    width: int | None
    height: int | None
    duration_s: float | None
    size_bytes: int | None
    expires_at: datetime | None
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Utterance:
    """What somebody said in one go; `at` is when, as a clock shows it."""

    speaker: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """`utterances` where speakers were told apart, `text` otherwise; `is_cut` where more is in the file."""

    text: str
    utterances: list[Utterance]
    is_cut: bool


def output_of(job: Job) -> Output | None:
    """None for a job that has made nothing."""
    if job.status != Status.COMPLETED:
        return None
    return Output(
        media=media_of(job.output_key),
        url=downloads.output_url(job) or "",
        extension=PurePosixPath(job.output_key).suffix.strip("."),
        width=job.output_width,
        height=job.output_height,
        duration_s=job.output_duration_s,
        size_bytes=job.output_bytes,
        expires_at=job.output_expires_at,
        is_gone=job.output_gone_at is not None,
    )


def media_of(key: str) -> str:
    """What a browser shows the object with, by its extension."""
    family = content_type_of(key).partition("/")[0]
    return family if family in ("video", "image", "audio") else "text"


def shown_url(key: str) -> str:
    """A signed address under which a page may show an object."""
    return get_store().signed_url(key, settings.FRAMELANE_MEDIA_URL_LIFETIME_S)


def transcript_of(job: Job) -> Transcript | None:
    """What a finished transcription says; None for other jobs, and where the file is gone, unreadable or very long."""
    if job.task_type != TaskType.TRANSCRIBE or not downloads.is_kept(job):
        return None
    if (job.output_bytes or 0) > MAX_TRANSCRIPT_BYTES:
        return None
    try:
        content = json.loads(b"".join(get_store().read(job.output_key, length=MAX_TRANSCRIPT_BYTES)))
    except (StorageError, ValueError):
        return None
    return _transcript(content) if isinstance(content, dict) else None


def _transcript(content: dict[str, Any]) -> Transcript:
    text, said = str(content.get("text") or ""), content.get("utterances")
    utterances = [_utterance(each) for each in said if isinstance(each, dict)] if isinstance(said, list) else []
    is_cut = len(utterances) > _MAX_UTTERANCES if utterances else len(text) > MAX_TEXT
    return Transcript(text[:MAX_TEXT], utterances[:_MAX_UTTERANCES], is_cut)


def _utterance(said: dict[str, Any]) -> Utterance:
    begins_ms = said.get("start")
    at = clock_text(begins_ms / 1000) if isinstance(begins_ms, int | float) else ""
    return Utterance(plain(str(said.get("speaker") or "")), at, str(said.get("text") or ""))
