"""Films come out with the right size, length, colours, tags and sound in step."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_tasks.errors import JobFailed
from gpu_tasks.media.audio_source import AudioReader
from gpu_tasks.media.encode import FilmSpec, FilmWriter
from gpu_tasks.media.probe import probe
from tests.media.make import BLACK, GREY, WHITE, beeps, grey_frame, luma_of, onsets_s

pytestmark = pytest.mark.slow

RATE_HZ = 48_000
# BT.709 limited values of a saturated red, and what they must become again.
RED_YUV, RED_RGB = (63, 102, 240), (255, 0, 0)


def _red(width: int, height: int, pixel_format: str) -> av.VideoFrame:
    frame = av.VideoFrame(width, height, pixel_format)
    for plane, value in zip(frame.planes, (*RED_YUV, 128), strict=False):
        np.frombuffer(memoryview(plane), dtype=np.uint8)[:] = value
    return frame


def _write(path: Path, spec: FilmSpec, lumas: list[int], sound: NDArray[np.float32] | None = None) -> Path:
    with FilmWriter(path, spec) as writer:
        for index, luma in enumerate(lumas):
            writer.write_frame(grey_frame(spec.width, spec.height, luma, writer.pixel_format), index)
            if sound is not None:
                start, stop = (round(n / spec.rate * RATE_HZ) for n in (index, index + 1))
                writer.write_audio(sound[start:stop])
    return path


def _frames(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        return list(container.decode(video=0))


def _spec(output_format: str, **changes: object) -> FilmSpec:
    facts: dict[str, object] = {"output_format": output_format, "width": 320, "height": 180, "frame_rate": 30}
    return FilmSpec(**(facts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("output_format", ["mp4", "webm", "mov"])
def test_every_frame_is_there_at_its_time(output_format: str, tmp_path: Path) -> None:
    lumas = [40 + 10 * index for index in range(20)]
    frames = _frames(_write(tmp_path / "film", _spec(output_format), lumas))
    assert [float(frame.time) for frame in frames] == pytest.approx([n / 30 for n in range(20)], abs=0.0006)
    assert [luma_of(frame) for frame in frames] == pytest.approx(lumas, abs=4)


@pytest.mark.parametrize("frame_rate", [Fraction(24_000, 1001), 25, Fraction(30_000, 1001), 60])
def test_an_mp4_keeps_its_rate_exactly(frame_rate: Fraction | int, tmp_path: Path) -> None:
    path = _write(tmp_path / "film.mp4", _spec("mp4", frame_rate=frame_rate), [GREY] * 30)
    info = probe(path)
    assert info.frame_rate == frame_rate
    assert info.duration_s == 30 / Fraction(frame_rate)


def test_an_mp4_is_high_profile_with_its_index_first(tmp_path: Path) -> None:
    path = _write(tmp_path / "film.mp4", _spec("mp4"), [GREY] * 3)
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(path)) as container:
        assert container.streams.video[0].profile == "High"


@pytest.mark.parametrize(("output_format", "alpha"), [("mp4", False), ("webm", False), ("mov", False), ("mov", True)])
def test_films_are_tagged_bt709_and_keep_their_colours(output_format: str, alpha: bool, tmp_path: Path) -> None:
    path = tmp_path / "film"
    with FilmWriter(path, _spec(output_format, alpha=alpha)) as writer:
        for index in range(5):
            writer.write_frame(_red(320, 180, writer.pixel_format), index)
    frame = _frames(path)[-1]
    assert (frame.colorspace, frame.color_primaries, frame.color_trc, frame.color_range) == (1, 1, 1, 1)
    rgb = frame.reformat(format="rgb24", src_colorspace=1, dst_color_range=2).to_ndarray()
    assert rgb[90, 160].astype(int) == pytest.approx(RED_RGB, abs=4)


@pytest.mark.parametrize("output_format", ["webm", "mov", "gif", "png", "jpg"])
def test_odd_sizes_stay_as_they_are(output_format: str, tmp_path: Path) -> None:
    info = probe(_write(tmp_path / "film", _spec(output_format, width=161, height=91), [GREY] * 3))
    assert (info.width, info.height) == (161, 91)


def test_an_mp4_of_odd_size_repeats_its_edge(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with FilmWriter(path, _spec("mp4", width=161, height=91, crf=5)) as writer:
        assert (writer.width, writer.height) == (162, 92)
        frame = grey_frame(161, 91, BLACK)
        rows = np.frombuffer(memoryview(frame.planes[0]), dtype=np.uint8).reshape(91, -1)
        rows[:, 160] = WHITE
        writer.write_frame(frame, 0)
    shown = _frames(path)[0].to_ndarray()
    assert shown[:92, 160:162].min() > 180
    assert shown[:92, 40].max() < 40


@pytest.mark.parametrize("output_format", ["mp4", "webm", "mov"])
def test_sound_is_in_step_and_cut_to_length(output_format: str, tmp_path: Path) -> None:
    lumas = [WHITE if index in (15, 45) else GREY for index in range(60)]
    signal = beeps(2, (0.5, 1.5))
    path = _write(tmp_path / "film", _spec(output_format, has_audio=True), lumas, np.stack([signal, signal], axis=1))
    reader = AudioReader(path, Fraction(0), "film")
    heard = reader.read(3 * RATE_HZ)
    reader.close()
    frames = _frames(path)
    flashes = [float(frame.time) for frame in frames if luma_of(frame) > 180]
    assert onsets_s(heard) == pytest.approx([0.5, 1.5], abs=0.001)
    assert flashes == pytest.approx([0.5, 1.5], abs=0.001)
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(audio=0) if packet.pts is not None]
        end_s = max((packet.pts + packet.duration) * packet.time_base for packet in packets)
    assert float(end_s) == pytest.approx(2, abs=0.015)


def test_an_mp4_holds_its_sound_to_the_sample(tmp_path: Path) -> None:
    samples = np.zeros((round(Fraction(1001, 1000) * RATE_HZ), 2), dtype=np.float32)
    path = _write(
        tmp_path / "film.mp4", _spec("mp4", frame_rate=Fraction(30_000, 1001), has_audio=True), [GREY] * 30, samples
    )
    with av.open(str(path)) as container:
        audio = container.streams.audio[0]
        assert audio.duration == len(samples)
        assert (audio.codec_context.name, audio.rate) == ("aac", RATE_HZ)
        assert container.duration == 1_001_000


def test_vp9_keeps_alpha(tmp_path: Path) -> None:
    path = tmp_path / "film.webm"
    with FilmWriter(path, _spec("webm", alpha=True)) as writer:
        assert writer.pixel_format == "yuva420p"
        for index in range(3):
            writer.write_frame(grey_frame(320, 180, GREY, "yuva420p", 90), index)
    assert probe(path).has_alpha
    with av.open(str(path)) as container:
        decoder = av.CodecContext.create("libvpx-vp9", "r")
        shown = [
            frame for packet in container.demux(video=0) for frame in decoder.decode(packet if packet.size else None)
        ]
    assert len(shown) == 3
    assert np.frombuffer(memoryview(shown[0].planes[3]), dtype=np.uint8)[0] == pytest.approx(90, abs=2)


def test_prores_4444_keeps_alpha(tmp_path: Path) -> None:
    path = tmp_path / "film.mov"
    with FilmWriter(path, _spec("mov", alpha=True)) as writer:
        writer.write_frame(grey_frame(320, 180, GREY, "yuva444p", 90), 0)
    frame = _frames(path)[0].reformat(format="yuva444p")
    assert np.frombuffer(memoryview(frame.planes[3]), dtype=np.uint8)[0] == pytest.approx(90, abs=1)


@pytest.mark.parametrize("output_format", ["mp4", "webm", "mov"])
def test_frames_may_be_reused_and_changed_between_writes(output_format: str, tmp_path: Path) -> None:
    path = tmp_path / "film"
    with FilmWriter(path, _spec(output_format)) as writer:
        frame = grey_frame(320, 180, 0, writer.pixel_format)
        for index in range(30):
            np.frombuffer(memoryview(frame.planes[0]), dtype=np.uint8)[:] = 30 + 6 * (index // 2)
            writer.write_frame(frame, index)
    assert [luma_of(frame) for frame in _frames(path)] == pytest.approx([30 + 6 * (n // 2) for n in range(30)], abs=3)


def test_a_frame_of_the_wrong_shape_is_refused(tmp_path: Path) -> None:
    with FilmWriter(tmp_path / "film.mp4", _spec("mp4")) as writer:
        with pytest.raises(ValueError, match="frame is 160×90"):
            writer.write_frame(grey_frame(160, 90, GREY), 0)
        writer.write_frame(grey_frame(320, 180, GREY), 0)


def test_a_full_disk_fails_the_encode() -> None:
    writer = FilmWriter(Path("/dev/full"), _spec("webm"))
    with pytest.raises(JobFailed) as failure:
        _write_noise(writer)
    assert failure.value.code == "encode_failed"
    assert "/dev" not in failure.value.message


def _write_noise(writer: FilmWriter) -> None:
    """Not as a context manager: that would remove /dev/full."""
    for index, picture in enumerate(np.random.default_rng(1).integers(0, 255, (60, 270, 320), dtype=np.uint8)):
        writer.write_frame(av.VideoFrame.from_ndarray(picture, format="yuv420p"), index)
    writer.close()


def test_a_folder_that_is_missing_fails_the_encode(tmp_path: Path) -> None:
    with pytest.raises(JobFailed) as failure:
        _write(tmp_path / "missing" / "film.mp4", _spec("mp4"), [GREY])
    assert failure.value.code == "encode_failed"


@pytest.mark.parametrize("output_format", ["mp4", "gif"])
def test_an_error_leaves_no_files(output_format: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frame is"):
        _write_one_and_fail(FilmWriter(tmp_path / "film", _spec(output_format)))
    assert list(tmp_path.iterdir()) == []


def _write_one_and_fail(writer: FilmWriter) -> None:
    with writer:
        writer.write_frame(grey_frame(320, 180, GREY, writer.pixel_format), 0)
        writer.write_frame(grey_frame(32, 18, GREY, writer.pixel_format), 1)
