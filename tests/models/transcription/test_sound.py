"""The sound of a source, as it is sent to a recogniser."""

import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_tasks.errors import JobFailed
from gpu_tasks.media import limits
from gpu_tasks.models.transcription import sound
from gpu_tasks.models.transcription.extract import main
from gpu_tasks.models.transcription.sound import SPEECH_RATE_HZ, extract_speech
from tests.media.make import BEEP_LEVEL, make_clip, make_sound


def heard(path: Path) -> NDArray[np.float64]:
    with av.open(str(path)) as container:
        (stream,) = container.streams
        assert isinstance(stream, av.AudioStream)
        assert (stream.codec_context.name, stream.sample_rate, stream.layout.name) == ("flac", SPEECH_RATE_HZ, "mono")
        frames = [frame.to_ndarray().ravel() for frame in container.decode(stream)]
    samples: NDArray[np.float64] = np.concatenate(frames) / 2**15
    return samples


def onsets_s(samples: NDArray[np.float64]) -> list[float]:
    loud = np.flatnonzero(np.abs(samples) > 0.15)
    return [int(start) / SPEECH_RATE_HZ for start in loud[np.flatnonzero(np.diff(loud, prepend=-(10**6)) > 800)]]


@pytest.mark.parametrize("suffix", ["mp4", "webm", "mkv"])
def test_the_sound_of_a_film_keeps_its_times(tmp_path: Path, suffix: str) -> None:
    clip = make_clip(tmp_path / f"clip.{suffix}", flashes_s=(0.5, 1.5))
    duration_s = extract_speech(clip, tmp_path / "speech.flac")
    samples = heard(tmp_path / "speech.flac")
    assert onsets_s(samples) == pytest.approx([0.5, 1.5], abs=0.01)
    assert len(samples) == duration_s * SPEECH_RATE_HZ
    assert 2 <= duration_s <= Fraction(22, 10)


@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1"])
@pytest.mark.parametrize("rate_hz", [8_000, 44_100, 48_000])
def test_any_sound_becomes_mono_at_16_khz(tmp_path: Path, layout: str, rate_hz: int) -> None:
    source = make_sound(tmp_path / "sound.wav", layout=layout, sample_rate_hz=rate_hz)
    assert extract_speech(source, tmp_path / "speech.flac") == 2
    samples = heard(tmp_path / "speech.flac")
    assert onsets_s(samples) == pytest.approx([0.5, 1.5], abs=0.01)
    assert BEEP_LEVEL * 0.9 < np.abs(samples).max() <= 1


def test_a_film_becomes_much_smaller(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 48_000 * 10).astype(np.float32)
    source = make_sound(tmp_path / "noise.wav", signal=noise)
    extract_speech(source, tmp_path / "speech.flac")
    assert (tmp_path / "speech.flac").stat().st_size < source.stat().st_size / 5


def test_a_film_without_sound_is_no_source(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "silent.mp4", sound=False)
    with pytest.raises(JobFailed, match=r"silent\.mp4 has no sound to transcribe") as caught:
        extract_speech(clip, tmp_path / "speech.flac")
    assert caught.value.code == "invalid_source"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "invalid_source"),
        (b"not media at all", "invalid_source"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "invalid_source"),
    ],
)
def test_what_is_no_media_is_no_source(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "source").write_bytes(content)
    with pytest.raises(JobFailed) as caught:
        extract_speech(tmp_path / "source", tmp_path / "speech.flac")
    assert caught.value.code == "invalid_source"


def test_sound_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "MAX_DURATION_S", 1)
    source = make_sound(tmp_path / "long.wav", duration_s=1.5)
    with pytest.raises(JobFailed, match="longer than the 1 s") as caught:
        extract_speech(source, tmp_path / "speech.flac")
    assert caught.value.code == "source_too_large"
    assert limits.MAX_DURATION_S == 86_400


def test_a_sound_track_without_sound_is_no_source(tmp_path: Path) -> None:
    source = tmp_path / "empty.wav"
    with wave.open(str(source), "wb") as empty:
        empty.setparams((1, 2, 48_000, 0, "NONE", ""))
    with pytest.raises(JobFailed) as caught:
        extract_speech(source, tmp_path / "speech.flac")
    assert caught.value.code == "invalid_source"


def test_the_program_tells_result_and_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = make_sound(tmp_path / "sound.wav")
    assert main([str(source), str(tmp_path / "speech.flac")]) == 0
    assert capsys.readouterr().out == '{"result": {"duration_s": 2.0}}\n'
    assert main([str(tmp_path / "nothing.wav"), str(tmp_path / "speech.flac")]) == 1
    assert '"code": "source_not_found"' in capsys.readouterr().out
    assert main([]) == 2
