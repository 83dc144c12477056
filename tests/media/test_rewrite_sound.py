"""A rewritten film sounds as its source did, in step with its picture."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from gpu_tasks.media.audio_source import AudioReader
from gpu_tasks.media.probe import probe
from tests.media.make import WHITE, beeps, grey_frame, luma_of, make_clip, onsets_s
from tests.media.steps import Doubled, Same, run, shown

pytestmark = pytest.mark.slow

RATE_HZ = 48_000
KEPT = {("mp4", ".mp4"), ("mov", ".mp4"), ("mkv", ".mp4"), ("ts", ".mp4"), ("mp4", ".mov"), ("webm", ".webm")}
MADE = {("webm", ".mp4"), ("mp4", ".webm"), ("webm", ".mov")}


def heard_s(path: Path, duration_s: float) -> list[float]:
    reader = AudioReader(path, Fraction(0), path.name)
    samples = reader.read(round(duration_s * RATE_HZ))
    reader.close()
    return onsets_s(samples)


def seen_s(path: Path) -> list[float]:
    return [float(time_s) for time_s, frame in shown(path) if luma_of(frame) > 180]


def packets(path: Path) -> Iterator[bytes]:
    with av.open(str(path)) as container:
        yield from (bytes(packet) for packet in container.demux(audio=0) if packet.size)


def sound_end_s(path: Path) -> float:
    with av.open(str(path)) as container:
        read = [packet for packet in container.demux(audio=0) if packet.pts is not None]
        return max(float((packet.pts + packet.duration) * packet.time_base) for packet in read)


@pytest.mark.parametrize(("source_suffix", "suffix"), sorted(KEPT | MADE))
def test_flashes_and_beeps_stay_together(source_suffix: str, suffix: str, tmp_path: Path) -> None:
    source = make_clip(tmp_path / f"a.{source_suffix}", width=64, height=48)
    run(source, tmp_path / f"b{suffix}", Same(held_back=7))
    assert seen_s(tmp_path / f"b{suffix}") == pytest.approx([0.5, 1.5], abs=0.001)
    assert heard_s(tmp_path / f"b{suffix}", 3) == pytest.approx(heard_s(source, 3), abs=0.001)
    assert heard_s(tmp_path / f"b{suffix}", 3) == pytest.approx([0.5, 1.5], abs=0.005)
    assert sound_end_s(tmp_path / f"b{suffix}") == pytest.approx(sound_end_s(source), abs=0.03)


@pytest.mark.parametrize(("source_suffix", "suffix"), sorted(KEPT - {("ts", ".mp4")}))
def test_packets_are_copied_where_the_container_takes_them(source_suffix: str, suffix: str, tmp_path: Path) -> None:
    source = make_clip(tmp_path / f"a.{source_suffix}", width=64, height=48)
    run(source, tmp_path / f"b{suffix}", Doubled())
    assert list(packets(tmp_path / f"b{suffix}")) == list(packets(source))


def test_packets_of_transport_streams_lose_only_their_headers(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "a.ts", width=64, height=48)
    run(source, tmp_path / "b.mp4", Same())
    kept = list(packets(tmp_path / "b.mp4"))
    assert kept == [packet[7:] for packet in packets(source)]


@pytest.mark.parametrize(("source_suffix", "suffix"), sorted(MADE))
def test_what_the_container_does_not_take_is_encoded_anew(source_suffix: str, suffix: str, tmp_path: Path) -> None:
    source = make_clip(tmp_path / f"a.{source_suffix}", width=64, height=48)
    run(source, tmp_path / f"b{suffix}", Same())
    codecs = {".mp4": "aac", ".webm": "opus", ".mov": "pcm_s16le"}
    assert probe(tmp_path / f"b{suffix}").audio_codec == codecs[suffix]


@pytest.mark.parametrize("sample_rate_hz", [22_050, 44_100])
@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_other_sample_rates_stay_in_step(sample_rate_hz: int, suffix: str, tmp_path: Path) -> None:
    source = make_clip(tmp_path / "a.mp4", width=64, height=48, sample_rate_hz=sample_rate_hz, layout="mono")
    run(source, tmp_path / f"b{suffix}", Same())
    assert heard_s(tmp_path / f"b{suffix}", 3) == pytest.approx([0.5, 1.5], abs=0.005)


def make_late_picture(path: Path, picture_s: Fraction, sound_s: Fraction) -> Path:
    """A second of picture from `picture_s` on, two of sound from `sound_s` on, with a mark after half a second each."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=30, options={"preset": "ultrafast", "qp": "10"})
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        audio = container.add_stream("aac", rate=RATE_HZ, layout="stereo")
        signal = np.stack([beeps(2, [0.5])] * 2)
        for index in range(30):
            frame = grey_frame(64, 48, WHITE if index == 15 else 60)
            frame.pts, frame.time_base = round(picture_s * 30) + index, Fraction(1, 30)
            container.mux(video.encode(frame))
        for start in range(0, 2 * RATE_HZ, 960):
            block = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(signal[:, start : start + 960]), format="fltp", layout="stereo"
            )
            block.sample_rate = RATE_HZ
            block.pts, block.time_base = round(sound_s * RATE_HZ) + start, Fraction(1, RATE_HZ)
            container.mux(audio.encode(block))
        container.mux([*video.encode(None), *audio.encode(None)])
    return path


@pytest.mark.parametrize("source_suffix", ["mp4", "mkv"])
@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".mov"])
@pytest.mark.parametrize(
    ("picture_s", "sound_s"), [(Fraction(1), Fraction(0)), (Fraction(0), Fraction(3, 4))], ids=["picture", "sound"]
)
def test_what_begins_late_still_does(
    source_suffix: str, suffix: str, picture_s: Fraction, sound_s: Fraction, tmp_path: Path
) -> None:
    source = make_late_picture(tmp_path / f"a.{source_suffix}", picture_s, sound_s)
    run(source, tmp_path / f"b{suffix}", Same())
    assert seen_s(tmp_path / f"b{suffix}") == pytest.approx([float(picture_s) + 0.5], abs=0.002)
    assert heard_s(tmp_path / f"b{suffix}", 3) == pytest.approx([float(sound_s) + 0.5], abs=0.03)
    assert heard_s(tmp_path / f"b{suffix}", 3) == pytest.approx(heard_s(source, 3), abs=0.002)


def test_a_silent_film_stays_silent(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "a.mp4", width=64, height=48, sound=False, duration_s=0.2)
    run(source, tmp_path / "b.mp4", Same())
    assert not probe(tmp_path / "b.mp4").has_audio
