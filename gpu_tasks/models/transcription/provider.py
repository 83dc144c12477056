"""What every provider of transcriptions does, and how one is chosen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from gpu_tasks.models.transcription.options import TranscribeOptions
from gpu_tasks.models.transcription.transcript import Transcript

ASSEMBLYAI_URL = "https://api.assemblyai.com"
HOW_TO_ENABLE = "Set an AssemblyAI API key, or a folder that holds the weights of a faster-whisper model."

Progress = Callable[[float], None]
"""Called with the share of a provider's work that is done, 0 to 1."""


class TranscriptionStopped(Exception):
    """The caller wanted the work to end early; nothing of it is left at the provider."""


class Provider(Protocol):
    """Turns sound into a transcript."""

    def transcribe(
        self, audio: Path, options: TranscribeOptions, *, progress: Progress, should_stop: Callable[[], bool]
    ) -> Transcript:
        """Transcribe a sound file. `should_stop` is asked at least once a second.

        Raises JobFailed: `provider_error` with the provider's own message, `timeout`; and TranscriptionStopped.
        """
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a service is waited for, in seconds.

    `total_s` bounds a transcription as a whole, `request_s` each silence of the server. What may pass is tried again
    after each of `retry_pauses_s`; a server's own wish (Retry-After) is granted up to `longest_retry_after_s`. It is
    asked whether it is ready after `poll_s`, then ever more rarely until it is every `longest_poll_s`. Whatever is
    left of a transcription is to be deleted within `clean_up_s`.
    """

    total_s: float = 3 * 3600.0
    request_s: float = 30.0
    retry_pauses_s: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0)
    longest_retry_after_s: float = 120.0
    poll_s: float = 1.0
    longest_poll_s: float = 10.0
    clean_up_s: float = 4.0


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """Which provider to use: AssemblyAI where a key is set, else faster-whisper where a folder of weights is.

    `whisper_device` is `cpu`, `cuda` or `auto`; `whisper_threads` 0 leaves their number to the library.
    """

    assemblyai_api_key: str = field(default="", repr=False)
    assemblyai_base_url: str = ASSEMBLYAI_URL
    whisper_folder: Path | None = None
    whisper_device: str = "auto"
    whisper_threads: int = 0
    patience: Patience = Patience()

    @property
    def name(self) -> str | None:
        """`assemblyai`, `whisper`, or None when neither is configured."""
        if self.assemblyai_api_key:
            return "assemblyai"
        return "whisper" if self.whisper_folder else None
