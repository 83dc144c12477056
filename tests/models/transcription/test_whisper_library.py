"""faster-whisper itself, with a network that knows one sentence: what goes in and out of the library is real."""

from pathlib import Path

import numpy as np
import pytest

from gpu_tasks.errors import JobFailed
from gpu_tasks.models.transcription.options import TranscribeOptions
from gpu_tasks.models.transcription.provider import TranscriptionStopped
from gpu_tasks.models.transcription.sound import extract_speech
from gpu_tasks.models.transcription.whisper_provider import WhisperProvider, load_model
from tests.media.make import make_sound
from tests.models.transcription.tiny_whisper import SAYS, write_tiny_whisper
from tests.models.transcription.voice import babble

pytestmark = pytest.mark.slow
SECONDS = 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_whisper(tmp_path_factory.mktemp("weights") / "whisper-nonsense")


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("speech")
    extract_speech(make_sound(place / "voice.wav", signal=babble(SECONDS)), place / "speech.flac")
    return place / "speech.flac"


def test_every_word_has_times_within_the_sound(folder: Path, speech: Path) -> None:
    shares: list[float] = []
    transcript = WhisperProvider(folder, "cpu", 1).transcribe(
        speech,
        TranscribeOptions(language="en", word_boost=("Framelane",)),
        progress=shares.append,
        should_stop=lambda: False,
    )
    assert (transcript.text, [word.text for word in transcript.words]) == (SAYS, SAYS.split())
    assert all(0 <= word.start < word.end <= SECONDS * 1000 + 1 for word in transcript.words)
    assert shares
    assert (transcript.model, transcript.language, transcript.duration_ms) == ("whisper-nonsense", "en", SECONDS * 1000)


def test_silence_has_no_words(folder: Path, tmp_path: Path) -> None:
    silence = make_sound(tmp_path / "silence.wav", signal=np.zeros(48_000 * 2, dtype=np.float32))
    transcript = WhisperProvider(folder, "cpu", 1).transcribe(
        silence, TranscribeOptions(), progress=lambda share: None, should_stop=lambda: False
    )
    assert (transcript.text, transcript.words) == ("", ())


def test_stops(folder: Path, speech: Path) -> None:
    with pytest.raises(TranscriptionStopped):
        WhisperProvider(folder, "cpu", 1).transcribe(
            speech, TranscribeOptions(), progress=lambda share: None, should_stop=lambda: True
        )


@pytest.mark.parametrize("damaged", ["model.bin", "config.json", "tokenizer.json", "vocabulary.json"])
def test_a_damaged_file_is_told(folder: Path, tmp_path: Path, damaged: str) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in folder.iterdir():
        data = file.read_bytes()
        (broken / file.name).write_bytes(data[: len(data) // 3] if file.name == damaged else data)
    with pytest.raises(JobFailed, match="'broken' cannot be loaded") as caught:
        load_model(broken, "cpu", 1)
    assert caught.value.code == "provider_error"
