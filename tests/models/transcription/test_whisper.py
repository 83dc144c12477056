"""faster-whisper as a provider. Its network stands in for itself: weights are too large to carry along."""

import inspect
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import faster_whisper
import pytest

from gpu_tasks.errors import JobFailed
from gpu_tasks.models.transcription.options import TranscribeOptions
from gpu_tasks.models.transcription.provider import TranscriptionStopped
from gpu_tasks.models.transcription.transcript import Transcript
from gpu_tasks.models.transcription.whisper import main
from gpu_tasks.models.transcription.whisper_provider import NEEDED_FILES, WhisperProvider, load_model


@dataclass
class Said:
    """A word, as the library gives it."""

    word: str
    start: float
    end: float
    probability: float = 0.8


@dataclass
class Segment:
    """A segment, as the library gives it."""

    text: str
    start: float
    end: float
    words: list[Said] | None = None


@dataclass
class Info:
    language: str = "en"
    duration: float = 10.0


@dataclass
class Network:
    """Hears what it is told to hear, and remembers how it was asked."""

    segments: list[Segment]
    info: Info = field(default_factory=Info)
    asked: list[dict[str, Any]] = field(default_factory=list)
    computed: int = 0

    def transcribe(self, audio: str, **options: Any) -> tuple[Iterator[Segment], Info]:
        self.asked.append({"audio": audio, **options})
        return self._compute(), self.info

    def _compute(self) -> Iterator[Segment]:
        for segment in self.segments:
            self.computed += 1
            yield segment


HELLO = [
    Segment(" Hello there.", 0.5, 1.5, [Said(" Hello", 0.5, 0.9), Said(" there.", 0.9, 1.5, 0.6)]),
    Segment(" It works.", 8.0, 9.0, [Said(" It", 8.0, 8.2), Said(" works.", 8.2, 9.0)]),
]


def hear(
    network: Network, should_stop: Any = lambda: False, progress: Any = lambda share: None, **options: Any
) -> Transcript:
    provider = WhisperProvider(Path("/models/whisper-small"), load=lambda folder, device, threads: network)
    return provider.transcribe(
        Path("speech.flac"), TranscribeOptions.model_validate(options), progress=progress, should_stop=should_stop
    )


def test_gives_words_with_times_in_milliseconds() -> None:
    transcript = hear(Network(HELLO))
    assert [(word.text, word.start, word.end, word.confidence) for word in transcript.words] == [
        ("Hello", 500, 900, 0.8),
        ("there.", 900, 1500, 0.6),
        ("It", 8000, 8200, 0.8),
        ("works.", 8200, 9000, 0.8),
    ]
    assert transcript.text == "Hello there. It works."
    assert [said.text for said in transcript.utterances] == ["Hello there.", "It works."]
    assert (transcript.provider, transcript.model, transcript.language) == ("whisper", "whisper-small", "en")
    assert transcript.duration_ms == 10_000


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ({}, {"language": None, "hotwords": None, "word_timestamps": True}),
        ({"language": "de-CH"}, {"language": "de"}),
        ({"language": "EN_us"}, {"language": "en"}),
        ({"word_boost": ["Framelane", "ProRes"]}, {"hotwords": "Framelane, ProRes"}),
    ],
)
def test_passes_options_on(options: dict[str, Any], asked: dict[str, Any]) -> None:
    network = Network(HELLO)
    hear(network, **options)
    assert network.asked[0].items() >= {"audio": "speech.flac", **asked}.items()


@pytest.mark.parametrize("words", [None, []])
def test_words_that_were_not_aligned_have_times_too(words: list[Said] | None) -> None:
    transcript = hear(Network([Segment(" one three", 2.0, 4.0, words)]))
    assert [(word.text, word.start, word.end) for word in transcript.words] == [
        ("one", 2000, 2750),
        ("three", 2750, 4000),
    ]


def test_hears_nothing_behind_the_end() -> None:
    late = [
        Segment(" on the", 9.0, 12.0, [Said(" on", 9.0, 9.5), Said(" the", 9.5, 12.0)]),
        Segment(" Thanks for watching!", 28.0, 29.0),
    ]
    transcript = hear(Network([*HELLO, *late]))
    assert [(word.text, word.start, word.end) for word in transcript.words[-2:]] == [
        ("on", 9000, 9500),
        ("the", 9500, 10_000),
    ]
    assert transcript.text.endswith("It works. on the")


def test_tells_how_far_it_is() -> None:
    shares: list[float] = []
    hear(Network(HELLO), progress=shares.append)
    assert shares == [0.15, 0.9]


def test_stops_between_segments() -> None:
    network = Network(HELLO)
    with pytest.raises(TranscriptionStopped):
        hear(network, should_stop=lambda: network.computed == 1)
    assert network.computed == 1


def test_says_what_it_cannot_do() -> None:
    transcript = hear(Network(HELLO), speaker_labels=True, sentiment_analysis=True)
    assert transcript.analyses == {"sentiment_analysis": None}
    assert transcript.notes == (
        "faster-whisper does not tell speakers apart.",
        "faster-whisper has no sentiment_analysis.",
    )


def test_a_language_that_it_does_not_know() -> None:
    class Refusing(Network):
        def transcribe(self, audio: str, **options: Any) -> tuple[Iterator[Segment], Info]:
            raise ValueError(f"{options['language']!r} is not a valid language code")

    with pytest.raises(JobFailed, match="'tlh' is not a valid language code") as caught:
        hear(Refusing([]), language="tlh")
    assert caught.value.code == "provider_error"


class Weak(Network):
    """A card that lacks something, as it shows when it is to compute."""

    def _compute(self) -> Iterator[Segment]:
        yield self.segments[0]
        raise RuntimeError("Library libcublas.so.12 is not found or cannot be loaded")


def hear_on(device: str) -> tuple[Transcript, list[str]]:
    devices: list[str] = []

    def load(folder: Path, device: str, threads: int) -> Network:
        devices.append(device)
        return Network(HELLO) if device == "cpu" else Weak(HELLO)

    provider = WhisperProvider(Path("small"), device, load=load)
    heard = provider.transcribe(
        Path("speech.flac"), TranscribeOptions(), progress=lambda share: None, should_stop=lambda: False
    )
    return heard, devices


def test_falls_back_to_the_processor_where_the_choice_is_its_own() -> None:
    transcript, devices = hear_on("auto")
    assert devices == ["auto", "cpu"]
    assert transcript == replace(hear(Network(HELLO)), model="small")


def test_a_card_that_was_asked_for_must_work() -> None:
    with pytest.raises(JobFailed, match=r"libcublas\.so\.12 is not found") as caught:
        hear_on("cuda")
    assert caught.value.code == "provider_error"


def broken(folder: Path, *files: str) -> Path:
    folder.mkdir()
    for name in files:
        (folder / name).write_text("{}")
    return folder


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(JobFailed, match=r"folder 'whisper-large' .* does not exist") as caught:
        load_model(tmp_path / "whisper-large", "cpu", 1)
    assert caught.value.code == "provider_error"


@pytest.mark.parametrize("missing", NEEDED_FILES)
def test_a_folder_that_lacks_a_file(tmp_path: Path, missing: str) -> None:
    folder = broken(tmp_path / "model", *(name for name in NEEDED_FILES if name != missing))
    with pytest.raises(JobFailed, match=f"lacks {missing}") as caught:
        load_model(folder, "cpu", 1)
    assert str(tmp_path) not in caught.value.message


def test_a_folder_with_broken_weights(tmp_path: Path) -> None:
    with pytest.raises(JobFailed, match="'model' cannot be loaded") as caught:
        load_model(broken(tmp_path / "model", *NEEDED_FILES), "cpu", 1)
    assert caught.value.code == "provider_error"


def test_the_program_tells_its_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    task = {"audio": "a.flac", "folder": str(tmp_path / "none"), "device": "cpu", "threads": 1, "options": {}}
    (tmp_path / "task.json").write_text(json.dumps(task))
    assert main([str(tmp_path / "task.json"), str(tmp_path / "out.json")]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "provider_error"
    assert main([]) == 2


def test_the_program_writes_what_was_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whisper = sys.modules["gpu_tasks.models.transcription.whisper"]

    def provider(folder: Path, device: str, threads: int) -> WhisperProvider:
        return WhisperProvider(folder, device, threads, load=lambda *_: Network(HELLO))

    monkeypatch.setattr(whisper, "WhisperProvider", provider)
    task = {"audio": "a.flac", "folder": "small", "device": "cpu", "threads": 1, "options": {"speaker_labels": True}}
    (tmp_path / "task.json").write_text(json.dumps(task))
    assert main([str(tmp_path / "task.json"), str(tmp_path / "out.json")]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == [{"stage": "compositing", "percent": 15}, {"stage": "compositing", "percent": 90}, {"result": {}}]
    heard = Transcript.from_json(json.loads((tmp_path / "out.json").read_text("utf-8")))
    assert heard == replace(hear(Network(HELLO), speaker_labels=True), model="small")


def test_the_library_takes_what_it_is_asked() -> None:
    network = Network(HELLO)
    hear(network, language="de", word_boost=["Framelane"])
    accepted = inspect.signature(faster_whisper.WhisperModel.transcribe).parameters
    assert set(network.asked[0]) <= set(accepted)
    assert {"device", "cpu_threads", "local_files_only"} <= set(
        inspect.signature(faster_whisper.WhisperModel).parameters
    )
