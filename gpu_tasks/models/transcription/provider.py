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
class ProviderSettings:
    """Which provider to use: AssemblyAI where a key is set, else faster-whisper where a folder of weights is.

    `timeout_s` bounds a transcription as a whole, `request_timeout_s` each silence of the service's server.
    `whisper_device` is `cpu`, `cuda` or `auto`; `whisper_threads` 0 leaves their number to the library.
    """

    assemblyai_api_key: str = field(default="", repr=False)
    assemblyai_base_url: str = ASSEMBLYAI_URL
    whisper_folder: Path | None = None
    whisper_device: str = "auto"
    whisper_threads: int = 0
    timeout_s: float = 3 * 3600.0
    request_timeout_s: float = 30.0

    @property
    def name(self) -> str | None:
        """`assemblyai`, `whisper`, or None when neither is configured."""
        if self.assemblyai_api_key:
            return "assemblyai"
        return "whisper" if self.whisper_folder else None
