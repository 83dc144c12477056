"""A single picture as png or jpg."""

from fractions import Fraction
from pathlib import Path

import av

from gpu_tasks.media.audio_channels import Samples
from gpu_tasks.media.encode_frames import Converter, encoding_errors, rgb_to_jpeg_yuv, tag
from gpu_tasks.media.encode_settings import FilmSpec

# The quantiser that FFmpeg's JPEG encoder reaches at about quality 95.
_JPEG_OPTIONS = {"qmin": "2", "qmax": "2", "huffman": "optimal"}


class Still:
    """Writes the first frame and ignores what follows."""

    def __init__(self, path: Path, spec: FilmSpec) -> None:
        self.width, self.height = spec.width, spec.height
        self._path = path
        self._format = spec.output_format
        self._is_written = False

    def write_frame(self, frame: av.VideoFrame, index: int, count: int) -> None:
        if self._is_written:
            return
        tag(frame)
        with encoding_errors(self._format):
            picture = Converter("rgb24").convert(frame)
            picture = picture if self._format == "png" else rgb_to_jpeg_yuv(picture)
            self._path.write_bytes(encoded_still(picture, self._format))
        self._is_written = True

    def write_audio(self, block: Samples) -> None:
        raise ValueError("a still has no sound")

    def close(self) -> None:
        if not self._is_written:
            raise ValueError("a still needs one frame, none was written")

    def abort(self) -> None:
        """Nothing is open between the calls."""


def encoded_still(picture: av.VideoFrame, output_format: str) -> bytes:
    """A picture as the bytes of a `png` (rgb24, rgba) or `jpg` (yuvj444p) file."""
    codec = av.VideoCodecContext.create("png" if output_format == "png" else "mjpeg", "w")
    codec.width, codec.height, codec.pix_fmt = picture.width, picture.height, picture.format.name
    codec.framerate = Fraction(1)
    codec.options = {} if output_format == "png" else _JPEG_OPTIONS
    picture.pts = 0
    return b"".join(bytes(packet) for packet in [*codec.encode(picture), *codec.encode(None)])
