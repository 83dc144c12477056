"""What every encoder needs of a frame: its tags, an exact conversion, an even size."""

import contextlib
from collections.abc import Iterator

import av
import numpy as np
from av.video.frame import PictureType
from av.video.plane import VideoPlane
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from gpu_tasks.errors import JobFailed
from gpu_tasks.media.allow import reason

# FFmpeg's number for BT.709 is 1 in all three tables.
BT709 = 1
LIMITED, FULL = ColorRange.MPEG, ColorRange.JPEG
_EXACT = (
    Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT | Interpolation.FULL_CHR_H_INP
)


@contextlib.contextmanager
def encoding_errors(what: str) -> Iterator[None]:
    """Turn what libav raises while writing `what` into JobFailed `encode_failed`."""
    try:
        yield
    except (av.error.FFmpegError, OSError, MemoryError, UnicodeError) as error:
        raise JobFailed("encode_failed", f"the {what} cannot be written: {reason(error)}") from None


def tag(frame: av.VideoFrame) -> None:
    """Mark a frame as BT.709 limited, and let the encoder choose its type whatever a decoder called it."""
    frame.colorspace = BT709
    frame.color_primaries = BT709
    frame.color_trc = BT709
    frame.color_range = LIMITED
    frame.pict_type = PictureType.NONE


class Converter:
    """Converts BT.709 limited frames to another pixel format, with full chroma and correct rounding."""

    def __init__(self, pixel_format: str) -> None:
        self._pixel_format = pixel_format
        self._reformatter = VideoReformatter()

    def convert(self, frame: av.VideoFrame) -> av.VideoFrame:
        is_rgb = self._pixel_format in ("rgb24", "bgra")
        return self._reformatter.reformat(
            frame,
            format=self._pixel_format,
            src_colorspace=Colorspace.ITU709,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=LIMITED,
            dst_color_range=FULL if is_rgb else LIMITED,
            interpolation=_EXACT,
        )


def rgb_to_jpeg_yuv(frame: av.VideoFrame) -> av.VideoFrame:
    """An rgb24 frame as JFIF wants it: BT.601, full range, chroma not subsampled."""
    return VideoReformatter().reformat(
        frame,
        format="yuvj444p",
        src_color_range=FULL,
        dst_colorspace=Colorspace.ITU601,
        dst_color_range=FULL,
        interpolation=_EXACT,
    )


class EvenPadder:
    """Repeats the last column and row of yuv420p frames of odd size: H.264 cannot store 4:2:0 at odd sizes."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width + width % 2, height + height % 2
        self._needed = (self.width, self.height) != (width, height)

    def pad(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The frame itself where its size is even, else a larger copy."""
        if not self._needed:
            return frame
        padded = av.VideoFrame(self.width, self.height, "yuv420p")
        for source, target in zip(frame.planes, padded.planes, strict=True):
            _repeat_edge(_pixels(source), _pixels(target))
        return padded


def _repeat_edge(source: NDArray[np.uint8], target: NDArray[np.uint8]) -> None:
    height, width = source.shape
    target[:height, :width] = source
    target[:height, width:] = source[:, -1:]
    target[height:] = target[height - 1 : height]


def _pixels(plane: VideoPlane) -> NDArray[np.uint8]:
    """A plane's memory as height×width, without its padding."""
    memory: NDArray[np.uint8] = np.frombuffer(memoryview(plane), dtype=np.uint8)
    rows = memory.reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]
