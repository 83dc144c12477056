"""The transcription runner: from a source to artifact, SRT and VTT, by a provider that speaks HTTP."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from framelane.lib.sandbox import Limits
from gpu_tasks.errors import JobFailed
from gpu_tasks.models.transcription.provider import Patience, ProviderSettings
from gpu_tasks.runners import transcribe as runner
from gpu_tasks.runners.child import Stopped
from gpu_tasks.runners.transcribe import Transcribed, transcribe
from gpu_tasks.timeline.lint import lint, parse_render
from tests.assemblyai_server import KEY, SENTENCE, AssemblyAiServer, Fault
from tests.media.make import make_clip, make_sound
from tests.models.transcription.tiny_whisper import SAYS, write_tiny_whisper
from tests.models.transcription.voice import babble

pytestmark = pytest.mark.slow

LIMITS = Limits(memory_bytes=1024**3, cpu_s=120, wall_s=200, file_size_bytes=64 * 1024**2)
HASTY = Patience(
    total_s=100, request_s=20, retry_pauses_s=(0.01, 0.01), poll_s=0.01, longest_poll_s=0.05, clean_up_s=30
)

Run = Callable[..., Transcribed]


@pytest.fixture
def service() -> Iterator[AssemblyAiServer]:
    with AssemblyAiServer() as server:
        yield server


@pytest.fixture
def progress() -> list[tuple[str, int]]:
    return []


@pytest.fixture
def run(tmp_path: Path, service: AssemblyAiServer, progress: list[tuple[str, int]]) -> Run:
    """Transcribes a source; keyword arguments are the task's options, or settings of its own."""
    own = ProviderSettings(assemblyai_api_key=KEY, assemblyai_base_url=service.url, patience=HASTY)

    def call(
        source: Path,
        provider: ProviderSettings = own,
        should_stop: Callable[[], bool] = lambda: False,
        limits: Limits = LIMITS,
        **request: Any,
    ) -> Transcribed:
        return transcribe(
            {"type": "transcribe", "source_url": "https://example.org/talk.mp4", **request},
            source,
            tmp_path,
            provider=provider,
            report=lambda stage, percent: progress.append((stage, percent)),
            should_stop=should_stop,
            limits=limits,
        )

    return call


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_clip(tmp_path / "source-0000.mp4", duration_s=7)


def test_writes_artifact_and_captions(run: Run, clip: Path) -> None:
    made = run(clip)
    artifact = json.loads(made.path.read_text("utf-8"))
    assert artifact["text"] == SENTENCE
    assert artifact["words"][2] == {"text": "films.", "start": 800, "end": 1180, "confidence": 0.98, "speaker": None}
    assert 7000 <= artifact["duration"] <= 7200
    assert made.duration_s == artifact["duration"] / 1000
    assert made.srt_path.read_text("utf-8") == (
        "1\n00:00:00,000 --> 00:00:05,980\nFramelane makes films. It also writes\n"
        "down what is said in them, word by word.\n\n"
    )
    assert made.vtt_path.read_text("utf-8").startswith("WEBVTT\n\n00:00:00.000 --> ")
    assert made.warnings == []


def test_sends_sound_and_no_pictures(run: Run, clip: Path, service: AssemblyAiServer) -> None:
    run(clip)
    (upload,) = service.uploads
    assert upload.startswith(b"fLaC")
    assert len(upload) < 7 * 16_000 * 2


def test_progress_never_falls(run: Run, clip: Path, progress: list[tuple[str, int]], service: AssemblyAiServer) -> None:
    service.fail("upload", Fault(503, "busy"))
    run(clip)
    percents = [percent for _, percent in progress]
    assert percents == sorted(percents)
    assert percents[0] == 10
    assert percents[-1] == 95
    assert [stage for stage, _ in progress] == sorted(stage for stage, _ in progress)


def test_captions_of_the_artifact_go_into_a_film_as_they_are(run: Run, clip: Path) -> None:
    artifact = json.loads(run(clip).path.read_text("utf-8"))
    film = {"elements": [{"type": "video", "source_url": "https://example.org/talk.mp4"}, *artifact["captions"]]}
    request = parse_render(film)
    assert lint(request) == []
    assert [word["text"] for word in artifact["captions"][0]["word_animation"]["words"]] == SENTENCE.split()


def test_without_word_timings_only_captions_have_times(run: Run, clip: Path) -> None:
    made = run(clip, word_timings=False)
    artifact = json.loads(made.path.read_text("utf-8"))
    assert (artifact["words"], artifact["captions"]) == ([], [])
    assert artifact["utterances"]
    assert SENTENCE.split()[0] in made.srt_path.read_text("utf-8")


def test_analyses_stand_beside_the_words(run: Run, clip: Path) -> None:
    artifact = json.loads(run(clip, entity_detection=True, speaker_labels=True).path.read_text("utf-8"))
    assert artifact["entity_detection"][0]["text"] == "Framelane"
    assert [said["speaker"] for said in artifact["utterances"]] == ["A", "B"]
    assert "sentiment_analysis" not in artifact


def test_warns_of_a_source_without_speech(run: Run, clip: Path, service: AssemblyAiServer) -> None:
    service.result = {"text": "", "words": [], "utterances": None}
    made = run(clip)
    assert [warning["code"] for warning in made.warnings] == ["NO_SPEECH"]
    assert made.srt_path.read_text("utf-8") == ""


def test_a_source_without_sound(run: Run, tmp_path: Path, service: AssemblyAiServer) -> None:
    with pytest.raises(JobFailed, match=r"source-0000\.mp4 has no sound to transcribe") as caught:
        run(make_clip(tmp_path / "source-0000.mp4", sound=False))
    assert caught.value.code == "invalid_source"
    assert not service.requests


def test_a_source_that_is_no_media(run: Run, tmp_path: Path) -> None:
    (tmp_path / "source-0000").write_bytes(b"%PDF-1.4 and so on")
    with pytest.raises(JobFailed) as caught:
        run(tmp_path / "source-0000")
    assert caught.value.code == "invalid_source"


def test_the_provider_refuses(run: Run, clip: Path, service: AssemblyAiServer) -> None:
    service.error = "No spoken audio was found."
    with pytest.raises(JobFailed, match="No spoken audio was found") as caught:
        run(clip)
    assert caught.value.code == "provider_error"
    assert service.deleted == ["tr-0"]


def test_a_cancelled_job_leaves_nothing_at_the_provider(run: Run, clip: Path, service: AssemblyAiServer) -> None:
    service.polls = 10**9
    with pytest.raises(Stopped):
        run(clip, should_stop=lambda: service.count("ask") > 0)
    assert service.deleted == ["tr-0"]


def test_a_cancelled_job_stops_reading_its_source(run: Run, clip: Path, service: AssemblyAiServer) -> None:
    with pytest.raises(Stopped):
        run(clip, should_stop=lambda: True)
    assert not service.requests


def test_reading_a_source_has_bounds(run: Run, clip: Path) -> None:
    with pytest.raises(JobFailed) as caught:
        run(clip, limits=replace(LIMITS, wall_s=0.05))
    assert caught.value.code == "timeout"


def test_without_a_provider(run: Run, clip: Path) -> None:
    with pytest.raises(JobFailed, match="Set an AssemblyAI API key, or a folder") as caught:
        run(clip, provider=ProviderSettings())
    assert caught.value.code == "provider_error"


@pytest.mark.parametrize("options", [{"speech_model": "best"}, {"speakers_expected": 99}, {"word_boost": [1]}])
def test_options_that_nobody_has_checked(run: Run, clip: Path, options: dict[str, Any]) -> None:
    with pytest.raises(JobFailed, match=next(iter(options))) as caught:
        run(clip, **options)
    assert caught.value.code == "internal"


def test_a_whisper_folder_that_holds_no_model(run: Run, clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "whisper-none"
    folder.mkdir()
    with pytest.raises(JobFailed, match=r"'whisper-none' of the faster-whisper model lacks model\.bin") as caught:
        run(clip, provider=ProviderSettings(whisper_folder=folder))
    assert caught.value.code == "provider_error"


def test_whisper_runs_as_a_child(run: Run, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "child.py"
    child.write_text(WHISPER_CHILD)
    monkeypatch.setattr(runner, "WHISPER", [runner.WHISPER[0], str(child)])
    made = run(clip, provider=ProviderSettings(whisper_folder=tmp_path), language="de-DE", speaker_labels=True)
    artifact = json.loads(made.path.read_text("utf-8"))
    assert (artifact["text"], artifact["provider"], artifact["language"]) == ("Hallo.", "whisper", "de-DE")
    assert made.warnings == [{"code": "PROVIDER_NOTE", "message": "no speakers"}]


def test_whisper_hears_a_voice(run: Run, tmp_path: Path) -> None:
    folder = write_tiny_whisper(tmp_path / "whisper-nonsense")
    settings = ProviderSettings(whisper_folder=folder, whisper_device="cpu", whisper_threads=1)
    voice = make_sound(tmp_path / "voice.wav", signal=babble(3))
    artifact = json.loads(
        run(voice, provider=settings, limits=replace(LIMITS, memory_bytes=2 * 1024**3)).path.read_text()
    )
    assert (artifact["provider"], artifact["model"], artifact["duration"]) == ("whisper", "whisper-nonsense", 3000)
    assert artifact["text"] == SAYS
    assert parse_render({"elements": artifact["captions"]}).elements


def test_a_whisper_child_that_does_not_end(
    run: Run, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child.py"
    child.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(runner, "WHISPER", [runner.WHISPER[0], str(child)])
    settings = ProviderSettings(whisper_folder=tmp_path, patience=replace(HASTY, total_s=1.0))
    with pytest.raises(JobFailed) as caught:
        run(clip, provider=settings)
    assert caught.value.code == "timeout"


def test_the_key_is_written_nowhere(
    run: Run, clip: Path, tmp_path: Path, service: AssemblyAiServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    service.fail("create", Fault(500, f"bad {KEY}"))
    run(clip)
    assert KEY not in caplog.text
    assert KEY not in repr(ProviderSettings(assemblyai_api_key=KEY))
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def test_plain_sound_is_a_source_too(run: Run, tmp_path: Path) -> None:
    assert run(make_sound(tmp_path / "talk.mp3")).path.is_file()


WHISPER_CHILD = """
import json, sys
task = json.load(open(sys.argv[1]))
word = {"text": "Hallo.", "start": 100, "end": 400, "confidence": 0.5, "speaker": None}
heard = {"text": "Hallo.", "language": task["options"]["language"], "provider": "whisper", "model": task["device"],
         "duration": 0, "words": [word], "utterances": [word], "notes": ["no speakers"]}
json.dump(heard, open(sys.argv[2], "w"))
print(json.dumps({"result": {}}))
"""
