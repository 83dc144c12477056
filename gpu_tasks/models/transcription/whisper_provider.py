"""Transcription on this machine: faster-whisper with weights from a local folder, never from the network."""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from gpu_tasks.errors import JobFailed
from gpu_tasks.models.transcription.options import TranscribeOptions
from gpu_tasks.models.transcription.provider import Progress, TranscriptionStopped
from gpu_tasks.models.transcription.transcript import (
    Transcript,
    Word,
    in_order,
    milliseconds,
    spoken_text,
    utterances_of,
)

log = logging.getLogger(__name__)

NEEDED_FILES = ("model.bin", "config.json", "tokenizer.json")


class WhisperWord(Protocol):
    """A word as faster-whisper gives it: seconds, and a leading space where it is written with one."""

    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def word(self) -> str: ...
    @property
    def probability(self) -> float: ...


class WhisperSegment(Protocol):
    """Some seconds of speech. `words` is None or empty where alignment failed."""

    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def text(self) -> str: ...
    @property
    def words(self) -> Sequence[WhisperWord] | None: ...


class WhisperInfo(Protocol):
    """What is known before the first segment; `duration` in seconds."""

    @property
    def language(self) -> str: ...
    @property
    def duration(self) -> float: ...


class WhisperModel(Protocol):
    """The part of `faster_whisper.WhisperModel` that is used. Segments are computed as they are asked for."""

    def transcribe(self, audio: str, **options: Any) -> tuple[Iterable[WhisperSegment], WhisperInfo]: ...


Load = Callable[[Path, str, int], WhisperModel]
ShouldStop = Callable[[], bool]


def load_model(folder: Path, device: str, threads: int) -> WhisperModel:
    """Load a model in CTranslate2's format. Raises JobFailed `provider_error` when the folder does not hold one."""
    if not folder.is_dir():
        raise JobFailed("provider_error", f"The folder {folder.name!r} of the faster-whisper model does not exist.")
    missing = [name for name in NEEDED_FILES if not (folder / name).is_file()]
    if missing:
        raise JobFailed(
            "provider_error",
            f"The folder {folder.name!r} of the faster-whisper model lacks {', '.join(missing)}; "
            "it must hold a Whisper model in the format of CTranslate2.",
        )
    os.environ["HF_HUB_OFFLINE"] = "1"
    from faster_whisper import WhisperModel as Model  # type: ignore[import-untyped]  # it has no stubs

    try:
        loaded: WhisperModel = Model(str(folder), device=device, cpu_threads=threads, local_files_only=True)
    except Exception as error:  # noqa: BLE001 - the libraries below raise bare RuntimeError and Exception
        raise JobFailed(
            "provider_error", f"The faster-whisper model in {folder.name!r} cannot be loaded: {_first_line(error)}"
        ) from None
    return loaded


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


@dataclass(frozen=True, slots=True)
class WhisperProvider:
    """Transcribes with the model in `folder`; `device` is cpu, cuda or auto, 0 `threads` leave the choice to it."""

    folder: Path
    device: str = "auto"
    threads: int = 0
    load: Load = load_model

    def transcribe(
        self, audio: Path, options: TranscribeOptions, *, progress: Progress, should_stop: ShouldStop
    ) -> Transcript:
        """See `Provider`. It is heard between segments, seconds to half a minute of sound, that it is to stop."""
        try:
            return self._hear(audio, options, progress, should_stop)
        except RuntimeError as error:
            # What a card lacks (libraries, memory) shows only when it begins to compute.
            if self.device != "auto":
                raise JobFailed("provider_error", f"faster-whisper failed: {_first_line(error)}") from None
            log.warning("the accelerator fails: %s", error)
        return replace(self, device="cpu").transcribe(audio, options, progress=progress, should_stop=should_stop)

    def _hear(self, audio: Path, options: TranscribeOptions, progress: Progress, should_stop: ShouldStop) -> Transcript:
        model = self.load(self.folder, self.device, self.threads)
        try:
            segments, info = model.transcribe(str(audio), **_arguments(options))
        except ValueError as error:
            raise JobFailed("provider_error", f"faster-whisper refused the task: {_first_line(error)}") from None
        watched = _watched(segments, info.duration, progress, should_stop)
        # Behind the end of its sound a network hears what it was fed in training.
        heard = [segment for segment in watched if segment.start < info.duration]
        words = in_order(_within(word, info.duration) for segment in heard for word in _words(segment))
        return Transcript(
            text=spoken_text(text for segment in heard if (text := segment.text.strip())),
            words=words,
            utterances=utterances_of(words),
            provider="whisper",
            model=self.folder.name,
            language=info.language,
            duration_ms=milliseconds(info.duration),
            analyses=dict.fromkeys(options.analyses),
            notes=tuple(_notes(options)),
        )


def _arguments(options: TranscribeOptions) -> dict[str, Any]:
    return {
        "language": None if options.language is None else options.language.replace("_", "-").split("-")[0].lower(),
        "word_timestamps": True,
        "vad_filter": True,
        # Fed with its own words, a model that has once gone astray repeats itself to the end.
        "condition_on_previous_text": False,
        "hotwords": ", ".join(options.word_boost) or None,
    }


def _watched(
    segments: Iterable[WhisperSegment], duration_s: float, progress: Progress, should_stop: ShouldStop
) -> Iterator[WhisperSegment]:
    for segment in segments:
        if should_stop():
            raise TranscriptionStopped
        progress(min(1.0, segment.end / duration_s) if duration_s > 0 else 1.0)
        yield segment


def _words(segment: WhisperSegment) -> Iterator[Word]:
    if not segment.words:
        yield from _spread(segment)
        return
    for word in segment.words:
        yield Word(word.word, milliseconds(word.start), milliseconds(word.end), round(float(word.probability), 4))


def _within(word: Word, duration_s: float) -> Word:
    end = min(word.end, milliseconds(duration_s))
    return replace(word, start=min(word.start, end), end=end)


def _spread(segment: WhisperSegment) -> Iterator[Word]:
    """The words of a segment that was not aligned, as long as they have letters; nothing is known of confidence."""
    texts = segment.text.split()
    letters, done = sum(map(len, texts)), 0
    for text in texts:
        start, done = done, done + len(text)
        begins_s, ends_s = (segment.start + (segment.end - segment.start) * part / letters for part in (start, done))
        yield Word(text, milliseconds(begins_s), milliseconds(ends_s), confidence=0.0)


def _notes(options: TranscribeOptions) -> Iterator[str]:
    if options.speaker_labels:
        yield "faster-whisper does not tell speakers apart."
    for name in options.analyses:
        yield f"faster-whisper has no {name}."
