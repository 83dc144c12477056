"""A transcription: a source in, its transcript and captions out. Knows neither Django nor Celery.

What reads media that nobody has checked, and what computes for long, runs in bounded children; a service is spoken to
from here.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from framelane.lib.sandbox import Limits
from gpu_tasks.errors import JobFailed
from gpu_tasks.models.transcription.captions import captions_of
from gpu_tasks.models.transcription.elements import caption_elements
from gpu_tasks.models.transcription.options import TranscribeOptions
from gpu_tasks.models.transcription.provider import (
    HOW_TO_ENABLE,
    Provider,
    ProviderSettings,
    TranscriptionStopped,
)
from gpu_tasks.models.transcription.subtitles import srt, vtt
from gpu_tasks.models.transcription.transcript import Transcript, milliseconds
from gpu_tasks.runners.child import Progress, Stopped, engine_command, run_child
from gpu_tasks.runners.outcome import Approve, Planned, approve_all

EXTRACT = engine_command("gpu_tasks.models.transcription.extract")
WHISPER = engine_command("gpu_tasks.models.transcription.whisper")
STARTED_PERCENT = 10
EXTRACTED_PERCENT = 15
TRANSCRIBED_PERCENT = 90
WRITTEN_PERCENT = 95
LIMITS = Limits(memory_bytes=8 * 1024**3, cpu_s=24 * 3600, wall_s=6 * 3600, file_size_bytes=8 * 1024**3)

ShouldStop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Transcribed:
    """The artifact (JSON) at `path`, captions beside it.

    `duration_s` is that of the sound in seconds; a warning is {code, message}.
    """

    path: Path
    srt_path: Path
    vtt_path: Path
    duration_s: float
    warnings: list[dict[str, str]]


def transcribe(
    request: Mapping[str, Any],
    source: Path,
    scratch: Path,
    *,
    provider: ProviderSettings,
    report: Progress,
    should_stop: Callable[[], bool],
    limits: Limits = LIMITS,
    approve: Approve = approve_all,
) -> Transcribed:
    """Transcribe the sound of `source`, a file inside the folder `scratch`, where the results are written too.

    `request` holds the task's options. `report` gets the stage and the percentage of the whole job, up to 95.
    `approve` is asked once the length of the sound is known, before anybody listens to it.
    Raises JobFailed: `invalid_source` for one without sound, `provider_error`, `timeout` and what decoding raises;
    and Stopped.
    """
    options = _options(request)
    service = _provider(provider, scratch, limits)
    report("compositing", STARTED_PERCENT)
    audio, duration_s = _extract(source, scratch, limits, should_stop)
    report("compositing", EXTRACTED_PERCENT)
    approve(Planned(duration_s))
    try:
        transcript = service.transcribe(audio, options, progress=_rising(report), should_stop=should_stop)
    except TranscriptionStopped:
        raise Stopped from None
    report("encoding", TRANSCRIBED_PERCENT)
    written = _write(replace(transcript, duration_ms=milliseconds(duration_s)), options, scratch)
    report("encoding", WRITTEN_PERCENT)
    return written


def _options(request: Mapping[str, Any]) -> TranscribeOptions:
    try:
        return TranscribeOptions.model_validate(request)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        message = f"The task has an option that is not valid: {where}: {first['msg']}"
        raise JobFailed("internal", message, is_final=True) from None


def _provider(settings: ProviderSettings, scratch: Path, limits: Limits) -> Provider:
    if settings.name == "assemblyai":
        # The library takes half a second to load; most workers never transcribe.
        from gpu_tasks.models.transcription.assemblyai_provider import AssemblyAiProvider

        return AssemblyAiProvider(settings)
    if settings.whisper_folder:
        return WhisperChild(settings.whisper_folder, settings, scratch, limits)
    raise JobFailed("provider_error", f"No provider of transcriptions is configured. {HOW_TO_ENABLE}", is_final=True)


def _extract(source: Path, scratch: Path, limits: Limits, should_stop: Callable[[], bool]) -> tuple[Path, float]:
    """The source's sound as a small file, and its duration in seconds: a film's pictures are sent to nobody."""
    audio = scratch / "speech.flac"
    result = run_child(
        [*EXTRACT, str(source.resolve()), audio.name],
        scratch=scratch,
        limits=limits,
        progress=lambda stage, percent: None,
        should_stop=should_stop,
        names={},
    )
    return audio, float(result["duration_s"])


def _rising(report: Progress) -> Callable[[float], None]:
    """Tells the furthest that a provider has been: what it does again counts only once it is beyond that."""
    furthest = 0.0

    def tell(share: float) -> None:
        nonlocal furthest
        furthest = min(1.0, max(furthest, share))
        report("compositing", EXTRACTED_PERCENT + round((TRANSCRIBED_PERCENT - EXTRACTED_PERCENT) * furthest))

    return tell


def _write(transcript: Transcript, options: TranscribeOptions, scratch: Path) -> Transcribed:
    artifact = {
        **transcript.as_json(word_timings=options.word_timings),
        "captions": caption_elements(transcript.words) if options.word_timings else [],
    }
    captions = captions_of(transcript.words)
    return Transcribed(
        path=_written(scratch / "transcript.json", json.dumps(artifact, ensure_ascii=False, indent=1)),
        srt_path=_written(scratch / "transcript.srt", srt(captions)),
        vtt_path=_written(scratch / "transcript.vtt", vtt(captions)),
        duration_s=transcript.duration_ms / 1000,
        warnings=_warnings(transcript),
    )


def _written(path: Path, text: str) -> Path:
    # A lone surrogate is no character, and no encoding has it.
    path.write_text(text, "utf-8", errors="replace")
    return path


def _warnings(transcript: Transcript) -> list[dict[str, str]]:
    found = [{"code": "PROVIDER_NOTE", "message": note} for note in transcript.notes]
    if not transcript.words:
        found.append({"code": "NO_SPEECH", "message": "No speech was found in the source."})
    return found


@dataclass(frozen=True, slots=True)
class WhisperChild:
    """faster-whisper in a bounded child: what it needs goes with it, also when it is stopped half-way."""

    folder: Path
    settings: ProviderSettings
    scratch: Path
    limits: Limits

    def transcribe(
        self, audio: Path, options: TranscribeOptions, *, progress: Callable[[float], None], should_stop: ShouldStop
    ) -> Transcript:
        """See `Provider`. Raises JobFailed, Stopped."""
        task = {
            "audio": audio.name,
            "folder": str(self.folder),
            "device": self.settings.whisper_device,
            "threads": self.settings.whisper_threads,
            "options": options.model_dump(mode="json"),
        }
        (self.scratch / "whisper.json").write_text(json.dumps(task), "utf-8")
        run_child(
            [*WHISPER, "whisper.json", "heard.json"],
            scratch=self.scratch,
            limits=replace(self.limits, wall_s=min(self.limits.wall_s, self.settings.patience.total_s)),
            progress=lambda stage, percent: progress(percent / 100),
            should_stop=should_stop,
            names={},
        )
        return Transcript.from_json(json.loads((self.scratch / "heard.json").read_text("utf-8")))
