"""A stand-in for the service, and jobs that run against it without losing time."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gpu_tasks.models.transcription.assemblyai_provider import AssemblyAiProvider
from gpu_tasks.models.transcription.options import TranscribeOptions
from gpu_tasks.models.transcription.provider import Patience, ProviderSettings
from gpu_tasks.models.transcription.transcript import Transcript
from tests.assemblyai_server import AssemblyAiServer

# Short pauses, because they pass in every test; long bounds, because no test that meets one leaves it to these.
HASTY = Patience(
    total_s=100.0,
    request_s=20.0,
    retry_pauses_s=(0.01, 0.01, 0.01),
    longest_retry_after_s=2.0,
    poll_s=0.01,
    longest_poll_s=0.05,
    clean_up_s=30.0,
)

Ask = Callable[..., Transcript]


@pytest.fixture
def service() -> Iterator[AssemblyAiServer]:
    with AssemblyAiServer() as server:
        yield server


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """What the service gets to hear; it does not listen closely."""
    path = tmp_path / "speech.flac"
    path.write_bytes(b"fLaC" + bytes(300_000))
    return path


@pytest.fixture
def ask(service: AssemblyAiServer, sound: Path) -> Ask:
    """Transcribes by the service; keyword arguments are options, or `patience`, `key`, `url`."""

    def call(
        should_stop: Callable[[], bool] = lambda: False,
        progress: Callable[[float], None] = lambda share: None,
        key: str = service.key,
        url: str = service.url,
        patience: dict[str, Any] | None = None,
        **options: Any,
    ) -> Transcript:
        settings = ProviderSettings(
            assemblyai_api_key=key, assemblyai_base_url=url, patience=replace(HASTY, **(patience or {}))
        )
        asked = TranscribeOptions.model_validate(options)
        return AssemblyAiProvider(settings).transcribe(sound, asked, progress=progress, should_stop=should_stop)

    return call
