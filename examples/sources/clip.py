"""Writes generated pictures and sound into a media file."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from examples.sources.noise import Array

SAMPLE_RATE = 48_000
FRAME_RATE = 30


def write_clip(path: Path, frames: Iterable[Array], sound: Array, crf: int = 19) -> None:
    """H.264 and AAC, tagged BT.709. `frames` are H×W×3 uint8 RGB at 30 fps, `sound` is n×2 float32 in −1…1."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", rate=FRAME_RATE, options={"crf": str(crf), "preset": "veryfast"})
        audio = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        reformatter = VideoReformatter()
        for index, picture in enumerate(frames):
            if index == 0:
                _describe(video.codec_context, picture)
            rgb = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame = reformatter.reformat(
                rgb, format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
            )
            frame.pts, frame.time_base = index, Fraction(1, FRAME_RATE)
            frame.color_primaries = frame.color_trc = frame.colorspace = 1
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for block in _audio_frames(sound):
            container.mux(audio.encode(block))
        container.mux(audio.encode(None))


def write_sound(path: Path, sound: Array) -> None:
    """16-bit WAV. `sound` is n×2 float32 in −1…1."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=SAMPLE_RATE, layout="stereo")
        for frame in _audio_frames(sound, packed=True):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _describe(context: av.VideoCodecContext, picture: Array) -> None:
    context.height, context.width = picture.shape[:2]
    context.pix_fmt = "yuv420p"
    context.color_primaries = context.color_trc = context.colorspace = 1
    context.color_range = ColorRange.MPEG


def _audio_frames(sound: Array, packed: bool = False) -> Iterable[av.AudioFrame]:
    for start in range(0, len(sound), 1024):
        block = np.clip(sound[start : start + 1024], -1, 1)
        if packed:
            samples = (block.reshape(1, -1) * 32767).astype(np.int16)
        else:
            samples = np.ascontiguousarray(block.T, dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(samples, format="s16" if packed else "fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
        yield frame
