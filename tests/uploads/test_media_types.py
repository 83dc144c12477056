"""First bytes tell what a file may be; real files of every accepted type are told right."""

from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from apps.uploads.media_types import HEAD_BYTES, kinds_by_type, sniff
from framelane.lib.storage.content_types import EXTENSIONS

VIDEOS = {
    "video/mp4": ("mp4", "libx264"),
    "video/quicktime": ("mov", "libx264"),
    "video/webm": ("webm", "libvpx-vp9"),
    "video/x-msvideo": ("avi", "mpeg4"),
    "video/x-matroska": ("matroska", "libx264"),
    "video/mpeg": ("mpeg", "mpeg2video"),
}
SOUNDS = {
    "audio/mpeg": ("mp3", "libmp3lame"),
    "audio/mp4": ("ipod", "aac"),
    "audio/wav": ("wav", "pcm_s16le"),
    "audio/x-wav": ("wav", "pcm_s16le"),
    "audio/aac": ("adts", "aac"),
    "audio/flac": ("flac", "flac"),
    "audio/ogg": ("ogg", "libopus"),
}
IMAGES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/tiff": "tiff"}
FONTS = {"font/ttf": b"\0\1\0\0", "font/otf": b"OTTO", "font/woff": b"wOFF", "font/woff2": b"wOF2"}


def video(path: Path, container: str, codec: str) -> bytes:
    with av.open(str(path), "w", format=container) as output:
        stream: Any = output.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(30):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), "rgb24")))
        output.mux(stream.encode())
    return path.read_bytes()[:HEAD_BYTES]


def sound(path: Path, container: str, codec: str, **options: str) -> bytes:
    with av.open(str(path), "w", format=container, options=options) as output:
        stream: Any = output.add_stream(codec, rate=48000)
        stream.layout = "stereo"
        resampler = av.AudioResampler(stream.format, "stereo", 48000, frame_size=stream.frame_size or 1024)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 2 * 9600), np.int16), "s16", "stereo")
        frame.sample_rate = 48000
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            output.mux(stream.encode(piece))
        output.mux(stream.encode())
    return path.read_bytes()[:HEAD_BYTES]


@pytest.mark.parametrize("content_type", VIDEOS)
def test_videos(tmp_path: Path, content_type: str) -> None:
    assert "video" in sniff(video(tmp_path / "file", *VIDEOS[content_type]))


def test_transport_streams(tmp_path: Path) -> None:
    assert "video" in sniff(video(tmp_path / "file", "mpegts", "mpeg2video"))


@pytest.mark.parametrize("content_type", SOUNDS)
def test_sounds(tmp_path: Path, content_type: str) -> None:
    assert "audio" in sniff(sound(tmp_path / "file", *SOUNDS[content_type]))


def test_mp3_without_a_tag(tmp_path: Path) -> None:
    head = sound(tmp_path / "file", "mp3", "libmp3lame", id3v2_version="0", write_xing="0")
    assert head[0] == 0xFF
    assert sniff(head) == {"audio"}


@pytest.mark.parametrize("content_type", IMAGES)
def test_images(content_type: str) -> None:
    encoded = cv2.imencode(f".{IMAGES[content_type]}", np.zeros((8, 8, 3), np.uint8))[1]
    assert sniff(encoded.tobytes()) == {"image"}


@pytest.mark.parametrize("content_type", FONTS)
def test_fonts(content_type: str) -> None:
    assert sniff(FONTS[content_type] + bytes(100)) == {"font"}


def test_gif(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.gif"), "w", format="gif") as output:
        stream: Any = output.add_stream("gif", rate=10)
        stream.width, stream.height, stream.pix_fmt = 8, 8, "rgb8"
        output.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((8, 8, 3), np.uint8), "rgb24")))
        output.mux(stream.encode())
    assert sniff((tmp_path / "a.gif").read_bytes()) == {"image"}


def test_every_accepted_type_is_covered_and_has_an_extension() -> None:
    assert set(kinds_by_type()) == {*VIDEOS, *SOUNDS, *IMAGES, *FONTS, "image/gif"}
    assert set(kinds_by_type()) <= set(EXTENSIONS)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\0" * 4096,
        b"G" * 100,
        b"#EXTM3U\n",
        b"ffconcat version 1.0\n",
        b"<!doctype html>",
        b"<?xml version='1.0'?><svg/>",
        b"<MPD xmlns='urn:mpeg:dash:schema:mpd:2011'>",
        b"%PDF-1.7",
        b"PK\3\4",
        b"MZ\x90\0",
        b"\x7fELF",
        b"\0\0\0\x1cftypavif",
        b"\0\0\0\x1cftypheic",
        b"RIFF\0\0\0\0ACON",
        b"\xff\xd8\x00",
        b"[Script Info]",
        b"v=0\r\no=- 0 0 IN IP4 127.0.0.1",
        b"\xff\xff\xff\xff",
    ],
)
def test_other_files_are_none_of_them(head: bytes) -> None:
    assert sniff(head) == frozenset()
