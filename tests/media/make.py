"""Small media files for tests, made with PyAV alone: what is in them is known exactly.

Pictures are flat greys, so that a decoded frame tells which one it is; sounds are silent but for beeps.
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.codec.context import Flags
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 48_000
BEEP_HZ = 1000
BEEP_S = 0.05
BEEP_LEVEL = 0.5
BLACK, GREY, WHITE = 16, 100, 235
VIDEO_CODECS = {"mp4": "libx264", "mov": "libx264", "webm": "libvpx-vp9", "mkv": "libx264", "ts": "libx264"}
AUDIO_CODECS = {
    "mp4": "aac",
    "mov": "aac",
    "m4a": "aac",
    "aac": "aac",
    "webm": "libopus",
    "mkv": "aac",
    "ts": "aac",
    "mp3": "libmp3lame",
    "wav": "pcm_s16le",
    "flac": "flac",
}
_MUXERS = {"mkv": "matroska", "ts": "mpegts", "m4a": "mp4", "aac": "adts"}
_SAMPLE_FORMATS = {"libopus": "flt", "pcm_s16le": "s16", "flac": "s16"}


def grey_frame(width: int, height: int, luma: int, pixel_format: str = "yuv420p", alpha: int = 255) -> av.VideoFrame:
    """A flat frame; chroma is neutral."""
    frame = av.VideoFrame(width, height, pixel_format)
    for plane, value in zip(frame.planes, (luma, 128, 128, alpha), strict=False):
        np.frombuffer(memoryview(plane), dtype=np.uint8)[:] = value
    return frame


def luma_of(frame: av.VideoFrame) -> int:
    """The luma in the middle of a decoded frame, in 8 bits."""
    plane, bits = frame.planes[0], frame.format.components[0].bits
    memory = np.frombuffer(memoryview(plane), dtype=np.uint8 if bits == 8 else np.uint16)
    return int(memory.reshape(plane.height, -1)[plane.height // 2, plane.width // 2]) >> (bits - 8)


def beeps(duration_s: float, at_s: Iterable[float], rate_hz: int = SAMPLE_RATE_HZ) -> NDArray[np.float32]:
    """Silence with a beep of `BEEP_S` from each second in `at_s` on, mono."""
    signal = np.zeros(round(duration_s * rate_hz), dtype=np.float32)
    tone = BEEP_LEVEL * np.sin(2 * np.pi * BEEP_HZ * np.arange(round(BEEP_S * rate_hz)) / rate_hz)
    for start_s in at_s:
        start = round(start_s * rate_hz)
        room = signal[start : start + len(tone)]
        room[:] = tone[: len(room)]
    return signal


def onsets_s(samples: NDArray[np.float32], level: float = 0.12, quiet_s: float = 0.04) -> list[float]:
    """Seconds at which n×2 samples at 48 kHz become louder than `level` after `quiet_s` of less."""
    loud = np.flatnonzero(np.abs(samples).max(axis=1) > level)
    starts = loud[np.flatnonzero(np.diff(loud, prepend=-SAMPLE_RATE_HZ) > quiet_s * SAMPLE_RATE_HZ)]
    return [int(start) / SAMPLE_RATE_HZ for start in starts]


def make_clip(
    path: Path,
    *,
    width: int = 320,
    height: int = 240,
    frame_rate: Fraction | int = 30,
    duration_s: float = 2,
    sound: bool = True,
    flashes_s: Sequence[float] = (0.5, 1.5),
    luma: Callable[[int], int] | None = None,
    sample_rate_hz: int = SAMPLE_RATE_HZ,
    layout: str = "stereo",
    codec: str = "",
    options: dict[str, str] | None = None,
) -> Path:
    """A flash-and-beep clip: grey, but white for a frame (and a beep) from each second in `flashes_s` on.

    The format follows the suffix (mp4, mov, webm, mkv, ts). `luma` gives the level of frame n instead of the flashes.
    """
    suffix = path.suffix[1:]
    flashing = {round(second * frame_rate) for second in flashes_s}
    level = luma or (lambda index: WHITE if index in flashing else GREY)
    with av.open(str(path), "w", format=_MUXERS.get(suffix, suffix)) as container:
        video = container.add_stream(codec or VIDEO_CODECS[suffix], rate=frame_rate, options=options or _fast(suffix))
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        audio = _add_sound(container, AUDIO_CODECS[suffix], sample_rate_hz, layout) if sound else None
        signal = beeps(duration_s, flashes_s, sample_rate_hz)
        for index in range(round(duration_s * frame_rate)):
            frame = grey_frame(width, height, level(index))
            frame.pts, frame.time_base = index, 1 / Fraction(frame_rate)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if audio is not None:
            _write_sound(container, audio, signal)
    return path


def _fast(suffix: str) -> dict[str, str]:
    if suffix == "webm":
        return {"deadline": "realtime", "cpu-used": "8"}
    return {"preset": "ultrafast", "qp": "10"}


def _add_sound(container: Any, codec: str, rate_hz: int, layout: str) -> Any:
    stream = container.add_stream(codec, rate=rate_hz, layout=layout)
    stream.codec_context.format = _SAMPLE_FORMATS.get(codec, "fltp")
    return stream


def _write_sound(container: Any, stream: Any, signal: NDArray[np.float32]) -> None:
    channels = len(stream.codec_context.layout.channels)
    for start in range(0, len(signal), 960):
        part = np.repeat(signal[start : start + 960], channels).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(part, format="flt", layout=stream.codec_context.layout.name)
        frame.sample_rate = stream.codec_context.sample_rate
        frame.pts, frame.time_base = start, Fraction(1, frame.sample_rate)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def make_sound(
    path: Path,
    *,
    duration_s: float = 2,
    beeps_s: Sequence[float] = (0.5, 1.5),
    sample_rate_hz: int = SAMPLE_RATE_HZ,
    layout: str = "stereo",
    signal: NDArray[np.float32] | None = None,
) -> Path:
    """A sound file with beeps, or with the mono `signal`, the same on every channel; the format follows the suffix."""
    suffix = path.suffix[1:]
    with av.open(str(path), "w", format=_MUXERS.get(suffix, suffix)) as container:
        stream = _add_sound(container, AUDIO_CODECS[suffix], sample_rate_hz, layout)
        _write_sound(container, stream, beeps(duration_s, beeps_s, sample_rate_hz) if signal is None else signal)
    return path


def make_vfr_clip(
    path: Path, shown_s: Sequence[Fraction], last_s: Fraction, width: int = 320, height: int = 240
) -> Path:
    """A clip whose frame n appears at second `shown_s[n]`, the last one for `last_s`; its luma is 40 + 8·n."""
    ticks_per_s = 90_000
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=30, options={**_fast("mp4"), "bf": "0"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.codec_context.flags |= Flags.frame_duration
        video.codec_context.time_base = video.time_base = Fraction(1, ticks_per_s)
        ends = [*shown_s[1:], shown_s[-1] + last_s]
        for index, (start_s, end_s) in enumerate(zip(shown_s, ends, strict=True)):
            frame = grey_frame(width, height, 40 + 8 * index)
            frame.pts, frame.time_base = int(start_s * ticks_per_s), Fraction(1, ticks_per_s)
            frame.duration = int((end_s - start_s) * ticks_per_s)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return path


# The first four entries (a, b, c, d) of a track's matrix that turns the picture clockwise, in 16.16 fixed point.
_ONE = 0x10000
_MATRICES = {0: (_ONE, 0, 0, _ONE), 90: (0, _ONE, -_ONE, 0), 180: (-_ONE, 0, 0, -_ONE), 270: (0, -_ONE, _ONE, 0)}


def make_rotated_clip(path: Path, clockwise_deg: int, **clip: Any) -> Path:
    """An mp4 or mov whose metadata ask players to turn the picture clockwise by 0, 90, 180 or 270 degrees."""
    make_clip(path, **clip)
    data = bytearray(path.read_bytes())
    track_header = data.index(b"tkhd")
    matrix = track_header + 4 + 40
    a, b, c, d = _MATRICES[clockwise_deg]
    struct.pack_into(">9i", data, matrix, a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path


def make_alpha_webm(path: Path, *, width: int = 320, height: int = 240, alpha: int = 128, frames: int = 10) -> Path:
    """A VP9 clip, grey, of one opacity."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libvpx-vp9", rate=30, options={**_fast("webm"), "auto-alt-ref": "0"})
        video.width, video.height, video.pix_fmt = width, height, "yuva420p"
        for index in range(frames):
            frame = grey_frame(width, height, GREY, "yuva420p", alpha)
            frame.pts, frame.time_base = index, Fraction(1, 30)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return path


def make_image(path: Path, rgba: NDArray[np.uint8]) -> Path:
    """Store H×W×3 or H×W×4 pixels as png, jpg, webp, tiff or gif, by the suffix; jpg at best quality, BT.601 full."""
    codec, pixel_format, options = _IMAGE_CODECS[path.suffix[1:], rgba.shape[2]]
    source = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgba), format="rgb24" if rgba.shape[2] == 3 else "rgba")
    frame = VideoReformatter().reformat(
        source, format=pixel_format, src_color_range=2, dst_colorspace=5, dst_color_range=2, interpolation=0x46004
    )
    context: Any = av.CodecContext.create(codec, "w")
    context.width, context.height, context.pix_fmt = frame.width, frame.height, pixel_format
    context.framerate, context.options = Fraction(1), options
    frame.pts = 0
    packets = [*context.encode(frame), *context.encode(None)]
    path.write_bytes(b"".join(bytes(packet) for packet in packets))
    return path


_IMAGE_CODECS: dict[tuple[str, int], tuple[str, str, dict[str, str]]] = {
    ("png", 3): ("png", "rgb24", {}),
    ("png", 4): ("png", "rgba", {}),
    ("jpg", 3): ("mjpeg", "yuvj444p", {"qmin": "1", "qmax": "1"}),
    ("tiff", 3): ("tiff", "rgb24", {}),
    ("tiff", 4): ("tiff", "rgba", {}),
    ("webp", 4): ("libwebp", "bgra", {"lossless": "1"}),
}


def with_orientation(path: Path, orientation: int) -> Path:
    """Put an EXIF segment with that orientation (1-8) behind the start of a JPEG."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + bytes(4)
    data = path.read_bytes()
    path.write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:])
    return path


def quadrants(width: int = 64, height: int = 48) -> NDArray[np.uint8]:
    """H×W×3: red above left, green above right, blue below left, yellow below right."""
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[: height // 2, : width // 2] = (200, 30, 40)
    pixels[: height // 2, width // 2 :] = (20, 180, 60)
    pixels[height // 2 :, : width // 2] = (30, 60, 210)
    pixels[height // 2 :, width // 2 :] = (230, 210, 20)
    return pixels
