"""Makes the files that every scene reads: three clips, five photographs, music, a logo and a lower third.

Everything is computed from fixed seeds and encoded with a fixed number of threads, so every tool reads the same bytes.
Made once into a folder; `python -m benchmarks.render.sources` makes them by hand.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.render import moving
from benchmarks.render.paths import SOURCES
from benchmarks.render.photographs import PHOTOGRAPHS, Picture, photograph

VERSION = 1
"""Raise it when anything here or in `moving` or `photographs` changes what is made."""
DURATION_S = 12
SAMPLE_RATE = 48_000
ENCODER_THREADS = 4
BT709 = 1
LIMITED_RANGE = 1
LOGO_PX = 320
LOWER_THIRD_PX = (1040, 200)

CLIPS: dict[str, tuple[Callable[[], Iterator[Picture]], tuple[float, ...]]] = {
    "natural": (moving.natural, (220.0, 277.18, 329.63)),
    "fractal": (moving.fractal, (146.83, 220.0, 369.99)),
    "pattern": (moving.pattern, (440.0, 660.0)),
}


def ensure_sources(folder: Path = SOURCES) -> Path:
    """Make what is missing in `folder`; a folder of another version is made anew. Returns the folder."""
    stamp = folder / "made.json"
    if stamp.exists() and json.loads(stamp.read_text()) == {"version": VERSION}:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for index in range(len(PHOTOGRAPHS)):
        _save(folder / f"photo{index + 1}.jpg", photograph(index), [cv2.IMWRITE_JPEG_QUALITY, 92])
    _save(folder / "logo.png", logo(), [])
    _save(folder / "lower-third.png", lower_third(), [])
    write_sound(folder / "music.m4a", music())
    for name, (frames, chord_hz) in CLIPS.items():
        print(f"making {name}.mp4", flush=True)
        write_clip(folder / f"{name}.mp4", frames(), chord(chord_hz))
    stamp.write_text(json.dumps({"version": VERSION}))
    return folder


def _save(path: Path, picture: NDArray[np.uint8], options: list[int]) -> None:
    if not cv2.imwrite(str(path), picture, options):
        raise OSError(f"could not write {path}")


def logo() -> NDArray[np.uint8]:
    """A play sign in a disc with a soft edge, LOGO_PX square, BGRA with straight alpha."""
    rows, columns = np.mgrid[:LOGO_PX, :LOGO_PX].astype(np.float32)
    radius = np.hypot(columns - LOGO_PX / 2, rows - LOGO_PX / 2)
    alpha = 255 * np.clip((150 - radius) / 24, 0, 1)
    shade = rows / LOGO_PX
    colour = np.stack([210 - 60 * shade, 90 + 40 * shade, 60 + 180 * shade], axis=-1).astype(np.uint8)
    sign = np.array([[120, 90], [120, 230], [236, 160]], np.int32)
    cv2.fillPoly(colour, [sign], (250, 250, 250), cv2.LINE_AA)
    return np.dstack([colour, alpha.astype(np.uint8)])


def lower_third() -> NDArray[np.uint8]:
    """A translucent plate with an accent and two lines of lettering, BGRA with straight alpha."""
    width, height = LOWER_THIRD_PX
    plate = np.empty((height, width, 4), np.uint8)
    plate[:] = (48, 30, 22, 215)
    plate[:, :20] = (60, 150, 250, 255)
    white, grey = (250, 250, 250, 255), (205, 205, 205, 255)
    cv2.putText(plate, "Alice Example", (60, 92), cv2.FONT_HERSHEY_DUPLEX, 2.4, white, 5, cv2.LINE_AA)
    cv2.putText(plate, "From the mountains to the sea", (62, 160), cv2.FONT_HERSHEY_DUPLEX, 1.5, grey, 3, cv2.LINE_AA)
    return plate


def chord(frequencies_hz: tuple[float, ...]) -> NDArray[np.float32]:
    """A slowly beating chord; n×2 samples in ±1."""
    time_s = np.arange(DURATION_S * SAMPLE_RATE) / SAMPLE_RATE
    left = sum(np.sin(2 * np.pi * f * time_s) for f in frequencies_hz)
    right = sum(np.sin(2 * np.pi * f * 1.002 * time_s) for f in frequencies_hz)
    return np.asarray(np.stack([left, right], axis=1) * (0.3 / len(frequencies_hz)), np.float32)


def music() -> NDArray[np.float32]:
    """Plucked notes over a bass, 120 beats a minute; n×2 samples in ±1."""
    samples = np.zeros(DURATION_S * SAMPLE_RATE, np.float64)
    melody = (0, 4, 7, 12, 9, 7, 4, 2, -3, 0, 4, 9, 7, 4, 2, -1)
    for beat in range(DURATION_S * 4):
        begin = beat * SAMPLE_RATE // 4
        _pluck(samples, begin, 261.63 * 2 ** (melody[beat % 16] / 12), 0.25)
        if beat % 4 == 0:
            _pluck(samples, begin, 65.41 * 2 ** ((0, -3, -7, -5)[beat // 4 % 4] / 12), 0.45)
    echo = np.roll(samples, SAMPLE_RATE // 5) * 0.3
    return np.asarray(np.clip(np.stack([samples + echo, samples - echo], axis=1), -1, 1), np.float32)


def _pluck(samples: NDArray[np.float64], begin: int, frequency_hz: float, level: float) -> None:
    time_s = np.arange(min(SAMPLE_RATE, len(samples) - begin)) / SAMPLE_RATE
    tone = np.sin(2 * np.pi * frequency_hz * time_s) + 0.3 * np.sin(4 * np.pi * frequency_hz * time_s)
    samples[begin : begin + len(time_s)] += level * tone * np.exp(-5 * time_s) * np.minimum(1, time_s * 400)


def write_clip(path: Path, frames: Iterator[Picture], sound: NDArray[np.float32]) -> None:
    """H.264 crf 18 medium, closed at 60 frames, two B-frames, BT.709, with AAC sound."""
    with av.open(str(path), "w") as container:
        options = {"crf": "18", "preset": "medium", "bf": "2", "threads": str(ENCODER_THREADS)}
        video = container.add_stream("libx264", rate=moving.FRAME_RATE, options=options)
        video.width, video.height, video.pix_fmt = moving.WIDTH, moving.HEIGHT, "yuv420p"
        context = video.codec_context
        context.gop_size = 60
        context.color_primaries = context.color_trc = context.colorspace = BT709
        context.color_range = LIMITED_RANGE
        audio = _sound_stream(container)
        for index, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
            frame.pts, frame.time_base = index, Fraction(1, moving.FRAME_RATE)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        _encode_sound(container, audio, sound)


def write_sound(path: Path, sound: NDArray[np.float32]) -> None:
    """AAC in an MP4 container."""
    with av.open(str(path), "w", format="mp4") as container:
        _encode_sound(container, _sound_stream(container), sound)


def _sound_stream(container: av.container.OutputContainer) -> av.AudioStream:
    stream = container.add_stream("aac", rate=SAMPLE_RATE)
    stream.layout, stream.bit_rate = "stereo", 128_000
    return stream


def _encode_sound(container: av.container.OutputContainer, stream: av.AudioStream, sound: NDArray[np.float32]) -> None:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.T), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, 0, Fraction(1, SAMPLE_RATE)
    container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


if __name__ == "__main__":
    print(ensure_sources())
