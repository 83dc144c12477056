"""Films with alpha: what FFmpeg's decoders find in them, and what our reader makes of that."""

import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import cv2
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import VideoReformatter

from benchmarks.verify.finding import Finding, Size, alike
from benchmarks.verify.graph import frame_of, planes_of
from benchmarks.verify.pictures import natural, smooth, surface_of
from gpu_tasks.engine.surface import Plane
from gpu_tasks.media.decode import VideoReader
from gpu_tasks.media.encode import FilmSpec, FilmWriter

FRAMES = 3
FORMATS: tuple[tuple[Literal["mov", "webm"], str], ...] = (("mov", "prores"), ("webm", "libvpx-vp9"))


def findings(size: Size) -> Iterator[Finding]:
    size = (size[0] // 2 * 2, size[1] // 2 * 2)
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        for suffix, decoder in FORMATS:
            path = Path(folder) / f"film.{suffix}"
            written = _write(path, suffix, size)
            decoded = _decoded(path, decoder, f"yuva{'444' if suffix == 'mov' else '420'}p")
            reference = f"FFmpeg {decoder}"
            yield alike(f"{suffix} with alpha, colours", reference, decoded[:3], written[:3])
            yield alike(f"{suffix} with alpha, alpha", reference, decoded[3:], written[3:])
            with VideoReader(path, path.name, alpha=True) as reader:
                read = _eight_bits(reader.shot_at(Fraction(FRAMES - 1, 25)).frame)
            yield alike(f"{suffix} with alpha, read by us", reference, read, decoded)


def _write(path: Path, suffix: Literal["mov", "webm"], size: Size) -> list[Plane]:
    """Writes frames of one still; returns its planes: Y, U, V, alpha."""
    spec = FilmSpec(suffix, *size, 25, alpha=True, frame_count=FRAMES)
    colours = surface_of(smooth(size), 1 if suffix == "mov" else 2)
    mask = cv2.GaussianBlur(natural(size, 5)[..., 1], (0, 0), 4)
    alpha = np.asarray(np.clip((mask.astype(np.float32) - 80) * 3, 0, 255), np.uint8)
    planes = [colours.y, colours.u, colours.v, alpha]
    with FilmWriter(path, spec) as writer:
        for index in range(FRAMES):
            writer.write_frame(frame_of(planes, writer.pixel_format), index)
    return planes


def _decoded(path: Path, decoder: str, pixel_format: str) -> list[Plane]:
    """The planes of the last frame, through FFmpeg alone."""
    codec = av.CodecContext.create(decoder, "r")
    assert isinstance(codec, VideoCodecContext)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        codec.extradata = stream.codec_context.extradata
        codec.width, codec.height, codec.codec_tag = stream.width, stream.height, stream.codec_context.codec_tag
        frames = [frame for packet in container.demux(stream) for frame in codec.decode(packet)]
    last = frames[-1]
    assert last.format.name.startswith(pixel_format)
    return _eight_bits(last)


def _eight_bits(frame: av.VideoFrame) -> list[Plane]:
    name = frame.format.name
    if not name.endswith("p"):
        frame = VideoReformatter().reformat(frame, format=name[: name.index("p") + 1])
    return [plane.copy() for plane in planes_of(frame)]
