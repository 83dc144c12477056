"""Still pictures: one file in, straight RGBA out."""

import mmap
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from gpu_tasks.errors import JobFailed
from gpu_tasks.media import limits
from gpu_tasks.media.allow import check_pixels, open_file, open_media, reason
from gpu_tasks.media.image_header import ImageHeader, read_header

Pixels = NDArray[np.uint8]
_EXACT = (
    Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT | Interpolation.FULL_CHR_H_INP
)
# EXIF orientation: how the stored rows and columns are turned upright.
_UPRIGHT: dict[int, Callable[[Pixels], Pixels]] = {
    1: lambda stored: stored,
    2: lambda stored: stored[:, ::-1],
    3: lambda stored: stored[::-1, ::-1],
    4: lambda stored: stored[::-1],
    5: lambda stored: stored.transpose(1, 0, 2),
    6: lambda stored: np.rot90(stored, -1),
    7: lambda stored: stored[::-1, ::-1].transpose(1, 0, 2),
    8: lambda stored: np.rot90(stored, 1),
}


def load_image(path: Path) -> Pixels:
    """Decode a png, jpeg, webp, gif (first frame) or tiff file.

    Returns H×W×4 uint8, straight RGBA (sRGB values as stored), upright: EXIF orientation is applied. Raises JobFailed:
    `invalid_source` (no picture), `source_too_large`, `codec_unsupported`, `decode_failed` (cut off or damaged).
    """
    header = image_header(path)
    frame = decode_still(path, header)
    return np.ascontiguousarray(_UPRIGHT[header.orientation](to_rgba(frame)))


def load_frame(path: Path) -> av.VideoFrame | None:
    """The decoded picture itself, in its own pixel format, or None where EXIF asks to turn it. Raises as load_image."""
    header = image_header(path)
    if header.orientation != 1:
        return None
    frame = decode_still(path, header)
    if not frame.format.is_rgb and frame.colorspace not in _MATRICES:
        frame.colorspace = Colorspace.ITU601
    return frame


def image_header(path: Path) -> ImageHeader:
    """The structure of an image file, checked against the limits before anything is decoded."""
    file, found = open_file(path)
    if found.kind != "image":
        raise JobFailed("invalid_source", f"the source is {found.name}, not an image")
    size_bytes = file.seek(0, 2)
    if size_bytes > limits.MAX_IMAGE_BYTES:
        raise JobFailed(
            "source_too_large", f"the image has {size_bytes} bytes; at most {limits.MAX_IMAGE_BYTES} are accepted"
        )
    with file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        header = read_header(data, found.name)
    check_pixels(header.width, header.height)
    if header.oversized:
        raise JobFailed("source_too_large", f"the {found.name} image holds metadata that unpack to no sane size")
    if header.animated:
        raise JobFailed("codec_unsupported", "animated WebP cannot be decoded; a gif, webm or mp4 can")
    if not header.complete:
        raise JobFailed("decode_failed", f"the {found.name} image is cut off or damaged")
    return header


def upright_size(header: ImageHeader, width: int, height: int) -> tuple[int, int]:
    """Width and height after the EXIF orientation is applied to a stored picture of that size."""
    return (height, width) if header.orientation >= 5 else (width, height)


def decode_still(path: Path, header: ImageHeader) -> av.VideoFrame:
    """The first picture of an image file, as stored."""
    with open_media(path) as container:
        try:
            frame = next(container.decode(video=0), None)
        except (av.error.FFmpegError, IndexError, ValueError, MemoryError) as error:
            raise JobFailed("decode_failed", f"the image cannot be decoded: {reason(error)}") from None
    if frame is None:
        raise JobFailed("decode_failed", "the image holds no picture that can be decoded")
    if frame.is_corrupt:
        raise JobFailed("decode_failed", "the image is damaged")
    if header.width and frame.width * frame.height > header.width * header.height:
        raise JobFailed("decode_failed", "the image contradicts its own header")
    return frame


def to_rgba(frame: av.VideoFrame) -> Pixels:
    """A decoded still as H×W×4 uint8 straight RGBA. YUV without a matrix of its own is BT.601, as JFIF says."""
    named = frame.colorspace if frame.colorspace in (Colorspace.ITU709, 9, 10) else None
    full_range = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
    converted = VideoReformatter().reformat(
        frame,
        format="rgba",
        src_colorspace=_MATRICES.get(named or 0, Colorspace.ITU601),
        src_color_range=ColorRange.JPEG if full_range or frame.format.is_rgb else ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
        interpolation=_EXACT,
    )
    return np.asarray(converted.to_ndarray(), dtype=np.uint8)


_MATRICES = {1: Colorspace.ITU709, 9: Colorspace.BT2020, 10: Colorspace.BT2020}


def has_alpha(frame: av.VideoFrame) -> bool:
    """Whether a decoded frame's pixel format carries transparency."""
    return any(component.is_alpha for component in frame.format.components) or frame.format.name == "pal8"
