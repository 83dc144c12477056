"""Gif, png and jpg: right colours, right times, nothing left lying about."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import VideoReformatter

from gpu_tasks.media.encode import FilmSpec, FilmWriter
from gpu_tasks.media.images import load_image
from tests.media.make import quadrants


def _frame(shift: int = 0, width: int = 64, height: int = 48) -> av.VideoFrame:
    """The quadrants, moved right by `shift` columns, as the engine would hand them over."""
    rgb = np.ascontiguousarray(np.roll(quadrants(width, height), shift, axis=1))
    source = av.VideoFrame.from_ndarray(rgb, format="rgb24")
    return VideoReformatter().reformat(
        source, format="yuv444p", src_color_range=2, dst_colorspace=1, dst_color_range=1, interpolation=0x46004
    )


def _spec(output_format: str, frame_rate: Fraction | int = 25) -> FilmSpec:
    return FilmSpec(output_format, 64, 48, frame_rate)  # type: ignore[arg-type]


def _gif(path: Path, frame_rate: Fraction | int, count: int, step: int = 1) -> Path:
    with FilmWriter(path, _spec("gif", frame_rate)) as writer:
        for index in range(count):
            writer.write_frame(_frame(step * index), index)
    return path


@pytest.mark.parametrize("output_format", ["png", "jpg"])
def test_a_still_shows_the_first_frame_in_its_colours(output_format: str, tmp_path: Path) -> None:
    path = tmp_path / f"still.{output_format}"
    with FilmWriter(path, _spec(output_format)) as writer:
        assert writer.pixel_format == "yuv444p"
        for index in range(3):
            writer.write_frame(_frame(20 * index), index)
    loaded = load_image(path)
    centres = ([12, 12, 36, 36], [16, 48, 16, 48])
    assert np.abs(loaded[centres][:, :3].astype(int) - quadrants()[centres].astype(int)).max() <= 3
    assert path.read_bytes()[:3] == (b"\x89PN" if output_format == "png" else b"\xff\xd8\xff")


def test_a_still_without_a_frame_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one frame"), FilmWriter(tmp_path / "still.png", _spec("png")):
        pass


def test_a_gif_keeps_colours_and_motion(tmp_path: Path) -> None:
    path = _gif(tmp_path / "film.gif", 25, 10)
    with av.open(str(path)) as container:
        shown = [frame.reformat(format="rgb24").to_ndarray() for frame in container.decode(video=0)]
    assert len(shown) == 10
    for index, picture in enumerate(shown):
        wanted = np.roll(quadrants(), index, axis=1)
        assert np.abs(picture.astype(int) - wanted.astype(int)).mean() < 4


@pytest.mark.parametrize(("frame_rate", "count", "kept"), [(25, 50, 50), (30, 60, 60), (50, 100, 100), (60, 120, 100)])
def test_a_gif_plays_as_long_as_the_film_at_most_50_fps(frame_rate: int, count: int, kept: int, tmp_path: Path) -> None:
    path = _gif(tmp_path / "film.gif", frame_rate, count)
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.pts is not None]
        delays_s = np.diff([float(packet.pts * packet.time_base) for packet in packets])
    assert len(packets) == kept
    assert float((packets[-1].pts + packets[-1].duration) * packets[-1].time_base) == pytest.approx(2, abs=0.021)
    assert delays_s.min() >= 0.0199


def test_a_gif_loops_forever(tmp_path: Path) -> None:
    data = _gif(tmp_path / "film.gif", 25, 3).read_bytes()
    loop = data.index(b"NETSCAPE2.0")
    assert data[loop + 11 : loop + 16] == b"\x03\x01\x00\x00\x00"


def test_a_gif_leaves_no_other_file(tmp_path: Path) -> None:
    _gif(tmp_path / "film.gif", 25, 3)
    assert [path.name for path in tmp_path.iterdir()] == ["film.gif"]


def test_a_gif_of_gradients_uses_many_colours(tmp_path: Path) -> None:
    ramp = np.linspace(0, 255, 256).astype(np.uint8)
    rgb = np.dstack([np.tile(ramp, (64, 1)), np.tile(ramp[::-1], (64, 1)), np.full((64, 256), 90, np.uint8)])
    source = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
    frame = VideoReformatter().reformat(
        source, format="yuv444p", src_color_range=2, dst_colorspace=1, dst_color_range=1, interpolation=0x46004
    )
    path = tmp_path / "film.gif"
    with FilmWriter(path, FilmSpec("gif", 256, 64, 25)) as writer:
        writer.write_frame(frame, 0)
    shown = load_image(path)[..., :3]
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) > 100
    assert np.abs(shown.astype(int) - rgb.astype(int)).mean() < 3
