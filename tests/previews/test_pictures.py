"""What the pictures of a preview show, for every kind of file, and how much work they take at most."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_tasks.errors import JobFailed
from gpu_tasks.media import decode
from gpu_tasks.media.decode import VideoReader
from gpu_tasks.media.fonts import committed_fonts
from gpu_tasks.media.probe import probe
from gpu_tasks.previews import film, waveform
from gpu_tasks.previews.make import make
from gpu_tasks.previews.pictures import GROUND_DARK, GROUND_LIGHT
from gpu_tasks.previews.score import best, score
from tests.media.font_make import make_font
from tests.media.make import (
    make_alpha_webm,
    make_clip,
    make_image,
    make_rotated_clip,
    make_sound,
    quadrants,
    with_orientation,
)

Picture = NDArray[np.uint8]
pytestmark = pytest.mark.slow

MAX_BYTES = 150_000
"""Of a page with a hundred of them nobody should grow old."""


def read(path: Path) -> Picture:
    """H×W×3 or H×W×4, red first."""
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    assert path.stat().st_size <= MAX_BYTES
    order = cv2.COLOR_BGRA2RGBA if picture.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(picture, order), dtype=np.uint8)


def write_film(path: Path, draw: Callable[[int], Picture], count: int, *, keyframe_every: int = 25) -> Path:
    with av.open(str(path), "w") as container:
        options = {"preset": "ultrafast", "g": str(keyframe_every), "sc_threshold": "0", "crf": "18"}
        video = container.add_stream("libx264", rate=25, options=options)
        first = draw(0)
        video.width, video.height, video.pix_fmt = first.shape[1], first.shape[0], "yuv420p"
        for index in range(count):
            container.mux(video.encode(av.VideoFrame.from_ndarray(draw(index), format="rgb24")))
        container.mux(video.encode(None))
    return path


def checked(level: int, size: tuple[int, int] = (180, 320)) -> Picture:
    """A sharp, coarse pattern about a grey."""
    cells = (np.arange(size[0])[:, None] // 20 + np.arange(size[1]) // 20) % 2
    return np.repeat((level - 20 + 40 * cells)[..., None], 3, axis=2).astype(np.uint8)


def test_a_film_gets_poster_strip_and_waveform(tmp_path: Path) -> None:
    made = make(make_clip(tmp_path / "clip.mp4", width=1280, height=720), tmp_path)
    assert made == {
        "poster": "poster.jpg",
        "width": 640,
        "height": 360,
        "strip": "strip.jpg",
        "strip_frames": 12,
        "waveform": "waveform.png",
    }
    assert read(tmp_path / "poster.jpg").shape == (360, 640, 3)
    assert read(tmp_path / "strip.jpg").shape == (135, 12 * 240, 3)
    assert read(tmp_path / "waveform.png").shape == (160, 800, 4)


def test_the_strip_goes_through_the_film_in_order(tmp_path: Path) -> None:
    path = write_film(tmp_path / "film.mp4", lambda index: np.full((90, 160, 3), 20 + 2 * index, np.uint8), 100)
    make(path, tmp_path)
    strip = read(tmp_path / "strip.jpg").astype(int)
    greys = [int(frame.mean()) for frame in np.split(strip, 12, axis=1)]
    expected = [20 + 2 * round(100 * (2 * part + 1) / 24) for part in range(12)]
    assert np.abs(np.subtract(greys, expected)).max() <= 6


def test_the_poster_is_neither_black_nor_blank_nor_blurred(tmp_path: Path) -> None:
    def draw(index: int) -> Picture:
        if index < 40:
            return np.zeros((180, 320, 3), np.uint8)
        if index < 60:
            return np.full((180, 320, 3), 255, np.uint8)
        return checked(120) if index < 70 else cv2.GaussianBlur(checked(120), (0, 0), 9)

    make(write_film(tmp_path / "film.mp4", draw, 100), tmp_path)
    poster = read(tmp_path / "poster.jpg").astype(int)
    assert np.abs(poster - checked(120)).mean() < 4


def test_scores_tell_good_frames_from_bad_ones() -> None:
    sharp = checked(120)
    worse = [
        np.zeros_like(sharp),
        np.full_like(sharp, 255),
        np.full_like(sharp, 120),
        checked(30),
        cv2.GaussianBlur(sharp, (0, 0), 6),
    ]
    assert score(worse[0]) == score(worse[1]) == score(worse[2]) == 0
    assert best([*worse, sharp]) is sharp
    assert best(worse[:2]) is worse[0]


def test_a_black_film_has_a_black_poster(tmp_path: Path) -> None:
    made = make(write_film(tmp_path / "film.mp4", lambda index: np.zeros((90, 160, 3), np.uint8), 30), tmp_path)
    assert made["strip_frames"] == 12
    assert read(tmp_path / "poster.jpg").max() <= 2


@pytest.mark.parametrize(("frames", "strip_frames"), [(1, 0), (2, 2), (7, 7), (40, 12)])
def test_a_short_film_shows_each_frame_once(tmp_path: Path, frames: int, strip_frames: int) -> None:
    made = make(write_film(tmp_path / "film.mp4", lambda index: checked(60 + index), frames), tmp_path)
    assert (made["strip_frames"], bool(made["strip"])) == (strip_frames, strip_frames > 0)
    assert made["poster"]


@pytest.mark.parametrize("turned", [90, 270])
def test_a_film_of_a_telephone_stands_upright(tmp_path: Path, turned: int) -> None:
    made = make(make_rotated_clip(tmp_path / "phone.mp4", turned, width=1280, height=720, sound=False), tmp_path)
    assert (made["width"], made["height"]) == (360, 640)
    assert read(tmp_path / "strip.jpg").shape == (240, 12 * 135, 3)


def test_pictures_of_a_turned_film_are_turned_with_it(tmp_path: Path) -> None:
    upright = quadrants(320, 180)
    turned = write_film(tmp_path / "film.mp4", lambda index: upright, 3)
    info = probe(turned)
    frames = film.samples(turned, info)
    assert np.abs(frames[0].astype(int) - upright).mean() < 6
    asked = replace(info, rotation=90, width=180, height=320)
    assert np.abs(film.samples(turned, asked)[0].astype(int) - np.rot90(upright, -1)).mean() < 6


@pytest.mark.parametrize("alpha", [0, 128])
def test_what_is_transparent_shows_the_ground(tmp_path: Path, alpha: int) -> None:
    make(make_alpha_webm(tmp_path / "film.webm", alpha=alpha), tmp_path)
    poster = read(tmp_path / "poster.jpg").astype(int)
    shown = {int(poster[4, 4].mean()), int(poster[4, 20].mean())}
    # Grey 100 of 16 to 235 is 98 of 255.
    expected = {round((grey * (255 - alpha) + 98 * alpha) / 255) for grey in (GROUND_LIGHT, GROUND_DARK)}
    assert np.abs(np.subtract(sorted(shown), sorted(expected))).max() <= 6


def test_a_picture_gets_a_poster_on_a_ground(tmp_path: Path) -> None:
    rgba = np.zeros((900, 1600, 4), np.uint8)
    rgba[:, :800] = (200, 40, 90, 255)
    # What cannot be seen must not shine through.
    rgba[:, 800:] = (0, 255, 0, 0)
    made = make(make_image(tmp_path / "logo.png", rgba), tmp_path)
    assert (made["width"], made["height"], made["strip"], made["waveform"]) == (640, 360, "", "")
    poster = read(tmp_path / "poster.jpg").astype(int)
    assert np.abs(poster[:, :310] - (200, 40, 90)).max() <= 12
    right = poster[:, 330:]
    assert np.abs(right - right.mean(axis=2, keepdims=True)).max() <= 8
    assert right.min() >= GROUND_DARK - 12


def test_a_photo_stands_upright_and_is_not_enlarged(tmp_path: Path) -> None:
    photo = with_orientation(make_image(tmp_path / "photo.jpg", quadrants(64, 48)), 6)
    assert make(photo, tmp_path)["width"] == 48
    assert np.abs(read(tmp_path / "poster.jpg").astype(int) - np.rot90(quadrants(64, 48), -1)).mean() < 12


def test_an_extreme_shape_keeps_a_side_of_a_pixel(tmp_path: Path) -> None:
    made = make(make_image(tmp_path / "line.png", np.full((2, 4000, 3), 200, np.uint8)), tmp_path)
    assert (made["width"], made["height"]) == (640, 1)


def test_a_moving_gif_gets_a_strip(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "film.gif"), "w") as container:
        video = container.add_stream("gif", rate=10)
        video.width, video.height, video.pix_fmt = 160, 90, "rgb8"
        for index in range(30):
            frame = av.VideoFrame.from_ndarray(np.full((90, 160, 3), 8 * index, np.uint8), format="rgb24")
            container.mux(video.encode(frame.reformat(format="rgb8")))
        container.mux(video.encode(None))
    assert make(tmp_path / "film.gif", tmp_path)["strip_frames"] == 12
    greys = [frame.mean() for frame in np.split(read(tmp_path / "strip.jpg"), 12, axis=1)]
    assert greys == sorted(greys)
    assert greys[-1] - greys[0] > 150


def test_a_font_shows_its_own_letters(tmp_path: Path) -> None:
    shown = {}
    for family in ("Pacifico", "Anton"):
        known = committed_fonts().family(family)
        assert known is not None
        made = make(known.slices[0].files[0].path, tmp_path)
        assert (made["width"], made["height"], made["strip"]) == (640, 360, "")
        shown[family] = read(tmp_path / "poster.jpg").astype(int)
    assert all((picture < 128).mean() > 0.01 for picture in shown.values())
    assert np.abs(shown["Pacifico"] - shown["Anton"]).mean() > 3


@pytest.mark.parametrize("family", ["A Name That It Cannot Write Itself " * 8, "A, B", "映画"])
def test_a_font_of_few_letters_and_an_odd_name_is_shown_too(tmp_path: Path, family: str) -> None:
    make(make_font(tmp_path / "few.ttf", family, letters="Fr"), tmp_path)
    assert (read(tmp_path / "poster.jpg") < 128).mean() > 0.002


def test_a_song_gets_a_waveform_and_nothing_else(tmp_path: Path) -> None:
    made = make(make_sound(tmp_path / "song.wav", duration_s=4, beeps_s=[1.0, 3.0]), tmp_path)
    assert (made["poster"], made["width"], made["waveform"]) == ("", None, "waveform.png")
    shape = read(tmp_path / "waveform.png")
    heights = (shape[..., 3] > 60).sum(axis=0)
    loud = np.flatnonzero(heights > 80)
    assert set((loud + 0.5) // 1 * 4 / 800 // 1) == {1, 3}
    # Silence is a line through the middle, and what is not drawn is clear.
    assert heights[400] <= 2
    assert shape[0, 0, 3] == 0


@pytest.mark.parametrize("suffix", ["mp3", "m4a", "aac", "flac", "webm"])
def test_long_sound_is_looked_at_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    """What is as loud everywhere has the same shape, whether all of it is read or not."""
    every_beep_s = [beat / 5 for beat in range(60 * 5)]
    path = make_sound(tmp_path / f"long.{suffix}", duration_s=60, beeps_s=every_beep_s)
    info = probe(path)
    whole = waveform.levels(path, info)
    opened: list[Path] = []
    monkeypatch.setattr(waveform, "WHOLE_UP_TO_S", 30)
    monkeypatch.setattr(waveform, "_SEEKING_S", 600.0)
    monkeypatch.setattr(waveform, "AudioReader", opened.append)
    pieces = waveform.levels(path, info)
    assert opened == []
    # Each piece of a quarter of a second holds a beep; an eightieth of a minute need not.
    assert (pieces.high > 0.3).mean() > 0.95
    assert whole.high.max() == pytest.approx(pieces.high.max(), abs=0.1)


def test_sound_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waveform, "WHOLE_UP_TO_S", 0)
    monkeypatch.setattr(waveform, "_SEEKING_S", -1.0)
    path = make_sound(tmp_path / "song.wav", duration_s=1, beeps_s=[])
    with pytest.raises(JobFailed, match="in time"):
        make(path, tmp_path)
    # A film shows its pictures all the same.
    made = make(make_clip(tmp_path / "clip.mp4"), tmp_path)
    assert (bool(made["poster"]), made["waveform"]) == (True, "")


def test_the_work_on_a_film_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One keyframe for all of it: every sample would have to decode from the start."""
    path = write_film(tmp_path / "film.mp4", lambda index: checked(60), 1500, keyframe_every=5000)
    monkeypatch.setattr(film, "DECODED_PIXELS", 20 * 320 * 180)
    decoded = 0
    original = VideoReader._decode

    def counting(self: VideoReader) -> Any:
        nonlocal decoded
        for shot in original(self):
            decoded += 1
            yield shot

    monkeypatch.setattr(decode.VideoReader, "_decode", counting)
    assert len(film.samples(path, probe(path))) == film.SAMPLES
    # The first two frames behind a seek come on top.
    assert decoded <= film.SAMPLES * (20 + 4)


def test_times_are_the_middles_of_equal_parts(tmp_path: Path) -> None:
    info = probe(write_film(tmp_path / "film.mp4", lambda index: checked(60), 50))
    times = film.sample_times(info)
    assert times[0] == Fraction(2) / 24
    assert times[-1] == Fraction(2) * 23 / 24


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(64), b"#EXTM3U\n/etc/passwd\n", bytes(1000)])
def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "source").write_bytes(content)
    command = [sys.executable, "-m", "gpu_tasks.previews", str(tmp_path / "source")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["error"]["code"] in ("invalid_source", "decode_failed")
    assert "Traceback" not in ended.stderr
