"""The probe tells the truth about good files, whatever they are called."""

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from gpu_tasks.errors import JobFailed
from gpu_tasks.media.probe import main, probe
from gpu_tasks.timeline.sources import SourceInfo
from tests.media.make import (
    make_alpha_webm,
    make_clip,
    make_image,
    make_rotated_clip,
    make_sound,
    make_vfr_clip,
    quadrants,
    with_orientation,
)


@pytest.mark.parametrize("suffix", ["mp4", "mov", "webm", "mkv", "ts"])
def test_probe_describes_a_clip(suffix: str, tmp_path: Path) -> None:
    path = make_clip(tmp_path / f"clip.{suffix}", width=318, height=242, frame_rate=25, duration_s=2)
    info = probe(path)
    assert (info.kind, info.width, info.height, info.has_video, info.has_audio) == ("video", 318, 242, True, True)
    assert info.duration_s == 2
    assert info.frame_rate == 25
    assert info.size_bytes == path.stat().st_size


def test_probe_sees_a_clip_without_sound(tmp_path: Path) -> None:
    info = probe(make_clip(tmp_path / "clip.mp4", sound=False))
    assert not info.has_audio
    assert info.audio_codec == ""


@pytest.mark.parametrize("suffix", ["m4a", "mp3", "wav", "flac", "aac"])
def test_probe_measures_a_sound(suffix: str, tmp_path: Path) -> None:
    info = probe(make_sound(tmp_path / f"sound.{suffix}", duration_s=3))
    assert (info.kind, info.has_video, info.width) == ("audio", False, 0)
    assert float(info.duration_s or 0) == pytest.approx(3, abs=0.06)


@pytest.mark.parametrize("clockwise_deg", [0, 90, 180, 270])
def test_probe_turns_the_size_upright(clockwise_deg: int, tmp_path: Path) -> None:
    info = probe(make_rotated_clip(tmp_path / "clip.mp4", clockwise_deg, width=320, height=180, duration_s=0.5))
    assert info.rotation == clockwise_deg
    assert (info.width, info.height) == ((180, 320) if clockwise_deg in (90, 270) else (320, 180))


def test_probe_applies_the_pixel_aspect(tmp_path: Path) -> None:
    options = {"preset": "ultrafast", "x264-params": "sar=64/45"}
    info = probe(make_clip(tmp_path / "clip.mp4", width=720, height=576, duration_s=0.2, options=options))
    assert (info.width, info.height) == (1024, 576)


def test_probe_sees_alpha_in_vp9(tmp_path: Path) -> None:
    assert probe(make_alpha_webm(tmp_path / "clip.webm")).has_alpha
    assert not probe(make_clip(tmp_path / "opaque.webm", duration_s=0.2)).has_alpha


def test_probe_measures_variable_frame_rates(tmp_path: Path) -> None:
    shown_s = [Fraction(0), Fraction(1, 10), Fraction(1, 2), Fraction(2)]
    info = probe(make_vfr_clip(tmp_path / "clip.mp4", shown_s, Fraction(1, 2)))
    assert float(info.duration_s or 0) == pytest.approx(2.5, abs=0.01)


def test_probe_does_not_take_cover_art_for_a_video(tmp_path: Path) -> None:
    sound, cover = make_sound(tmp_path / "sound.m4a"), make_image(tmp_path / "cover.png", quadrants())
    path = tmp_path / "covered.m4a"
    with av.open(str(sound)) as source, av.open(str(path), "w", format="mp4") as target:
        audio = target.add_stream_from_template(source.streams.audio[0])
        picture = target.add_stream("png", rate=1)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "rgb24"
        picture.disposition = av.stream.Disposition.attached_pic
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = audio
                target.mux(packet)
        cover_packet = av.Packet(cover.read_bytes())
        cover_packet.stream, cover_packet.pts, cover_packet.dts = picture, 0, 0
        target.mux(cover_packet)
    assert probe(path).kind == "audio"


@pytest.mark.parametrize(("suffix", "channels"), [("png", 3), ("png", 4), ("jpg", 3), ("webp", 4), ("tiff", 3)])
def test_probe_describes_an_image(suffix: str, channels: int, tmp_path: Path) -> None:
    pixels = quadrants(60, 40)
    if channels == 4:
        pixels = np.dstack([pixels, np.full((40, 60), 90, dtype=np.uint8)])
    info = probe(make_image(tmp_path / f"image.{suffix}", pixels))
    assert (info.kind, info.width, info.height, info.has_alpha) == ("image", 60, 40, channels == 4)
    assert info.duration_s is None


def test_probe_turns_an_image_upright(tmp_path: Path) -> None:
    path = with_orientation(make_image(tmp_path / "photo.jpg", quadrants(60, 40)), 6)
    info = probe(path)
    assert (info.width, info.height) == (40, 60)


def test_probe_goes_by_content_not_by_name(tmp_path: Path) -> None:
    info = probe(make_image(tmp_path / "image.png", quadrants()).rename(tmp_path / "upload.mp4"))
    assert (info.kind, info.format, info.content_type) == ("image", "png", "image/png")


def test_probe_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(JobFailed) as failure:
        probe(tmp_path / "nothing.mp4")
    assert failure.value.code == "source_not_found"


def test_the_command_prints_one_line_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = make_clip(tmp_path / "clip.mp4", duration_s=0.5)
    assert main([str(path)]) == 0
    assert SourceInfo.from_json(json.loads(capsys.readouterr().out)) == probe(path)


def test_the_command_prints_an_error_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.mp4").touch()
    assert main([str(tmp_path / "empty.mp4")]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "invalid_source"
