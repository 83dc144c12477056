"""Repeating pictures are written without an encoder, and decode to the very picture before them."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.codec.context import Flags
from numpy.typing import NDArray

from gpu_tasks.media.encode import FilmSpec, FilmWriter
from gpu_tasks.media.encode_repeats import FEWEST_FRAMES, LEAD_FRAMES
from gpu_tasks.media.h264_bits import BitReader, BitWriter, Unsupported, nal_unit, parameter_sets, payloads
from gpu_tasks.media.h264_repeat import Repeater


def noise(seed: int, width: int = 64, height: int = 48) -> av.VideoFrame:
    frame = av.VideoFrame(width, height, "yuv420p")
    random = np.random.default_rng(seed)
    for plane in frame.planes:
        pixels = np.frombuffer(memoryview(plane), np.uint8)
        pixels[:] = random.integers(40, 200, pixels.size)
    return frame


def luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    plane = frame.planes[0]
    rows: NDArray[np.uint8] = np.frombuffer(memoryview(plane), np.uint8)
    return rows.reshape(plane.height, -1)[:, : plane.width].copy()


def encoder(width: int, height: int, **options: str) -> av.VideoCodecContext:
    codec = av.VideoCodecContext.create("libx264", "w")
    codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
    codec.time_base, codec.framerate = Fraction(1, 30), Fraction(30)
    codec.options = {"preset": "veryfast", "profile": "high", **options}
    codec.flags |= Flags.global_header
    codec.open()
    return codec


def film(path: Path, runs: list[tuple[int, int]], output_format: str = "mp4") -> list[av.VideoFrame]:
    """Write runs of (seed, frames) and decode the film."""
    spec = FilmSpec(output_format, 64, 48, 30, frame_count=sum(count for _, count in runs))  # type: ignore[arg-type]
    with FilmWriter(path, spec) as writer:
        index = 0
        for seed, count in runs:
            writer.write_frame(noise(seed).reformat(format=writer.pixel_format), index, count)
            index += count
    with av.open(str(path)) as container:
        return list(container.decode(video=0))


@pytest.mark.parametrize(
    ("width", "height", "options"),
    [(16, 16, {}), (64, 48, {}), (1280, 720, {}), (96, 32, {"preset": "slow"}), (32, 32, {"crf": "3"})],
)
def test_every_repeating_picture_decodes_to_the_one_before(width: int, height: int, options: dict[str, str]) -> None:
    codec = encoder(width, height, **options)
    frame = noise(1, width, height)
    frame.pts = 0
    packets = [*codec.encode(frame), *codec.encode(None)]
    repeater = Repeater(bytes(codec.extradata or b""))
    decoder = av.VideoCodecContext.create("h264", "r")
    decoder.extradata = codec.extradata
    shown = [found for packet in packets for found in decoder.decode(packet)]
    for number in range(1, 70):
        shown += decoder.decode(av.Packet(repeater.picture(number)))
    shown += decoder.decode(None)
    assert len(shown) == 70
    assert all((luma(found) == luma(shown[0])).all() for found in shown)
    assert not any(found.is_corrupt for found in shown)


def test_a_film_of_stills_has_all_its_frames_at_their_times(tmp_path: Path) -> None:
    runs = [(1, 40), (2, 3), (3, 100), (4, FEWEST_FRAMES), (5, 1)]
    frames = film(tmp_path / "film.mp4", runs)
    assert [frame.pts * frame.time_base * 30 for frame in frames] == list(range(sum(count for _, count in runs)))
    first = 0
    for seed, count in runs:
        wanted = luma(noise(seed)).astype(float)
        for frame in frames[first : first + count]:
            assert np.abs(luma(frame) - wanted).mean() < 8
        settled = frames[first + LEAD_FRAMES - 1 : first + count]
        assert all((luma(frame) == luma(settled[0])).all() for frame in settled)
        first += count


def test_repeating_pictures_take_a_few_bytes_and_keep_the_order_of_packets(tmp_path: Path) -> None:
    film(tmp_path / "film.mp4", [(1, 200), (2, 5), (3, 200)])
    with av.open(str(tmp_path / "film.mp4")) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    assert sum(packet.size < 30 for packet in packets) >= 2 * (200 - LEAD_FRAMES)
    decoding = [packet.dts for packet in packets if packet.dts is not None]
    assert decoding == sorted(set(decoding))
    assert all(packet.pts >= packet.dts for packet in packets if packet.pts is not None and packet.dts is not None)
    assert len(packets) == 405


def test_a_seek_into_a_still_shows_it(tmp_path: Path) -> None:
    film(tmp_path / "film.mp4", [(1, 60), (2, 100), (3, 60)])
    with av.open(str(tmp_path / "film.mp4")) as container:
        stream = container.streams.video[0]
        container.seek(int(4 / stream.time_base), stream=stream)
        shown = next(frame for frame in container.decode(stream) if frame.time >= 4)
    assert np.abs(luma(shown) - luma(noise(2)).astype(float)).mean() < 8


@pytest.mark.parametrize("output_format", ["webm", "mov", "gif"])
def test_other_formats_encode_every_frame(tmp_path: Path, output_format: str) -> None:
    assert len(film(tmp_path / f"film.{output_format}", [(1, 30), (2, 4)], output_format)) == 34


def test_codes_are_read_as_they_are_written() -> None:
    bits = BitWriter()
    for value in range(40):
        bits.ue(value)
        bits.se(value - 20)
    bits.u(-len(bits.bits) % 8, 0)
    reader = BitReader(bits.payload())
    assert [(reader.ue(), reader.se()) for _ in range(40)] == [(value, value - 20) for value in range(40)]


def test_emulated_start_codes_are_escaped() -> None:
    payload = b"\0\0\1\0\0\0\0\3\5\0\0\2"
    unit = nal_unit(0, 1, payload)
    assert b"\0\0\1" not in unit[4:]
    assert list(payloads(unit)) == [(1, payload)]


@pytest.mark.parametrize("extradata", [b"", b"\0\0\0\1\x67", b"\0\0\0\1\x67\x64\0\x1f\0\0\0\1\x68\xeb", bytes(40)])
def test_an_unknown_stream_is_left_to_its_encoder(extradata: bytes) -> None:
    with pytest.raises(Unsupported):
        parameter_sets(extradata)


def test_a_stream_without_cabac_is_left_to_its_encoder() -> None:
    with pytest.raises(Unsupported):
        Repeater(bytes(encoder(64, 48, **{"x264-params": "cabac=0"}).extradata or b""))
