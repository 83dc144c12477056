"""The one door through which media files are opened.

A demuxer may open further files that its input names: playlists, concat scripts, QuickTime data references. So the
demuxer is chosen here, by content, from an allow-list, and every attempt to open anything but the file itself is
refused at the place where FFmpeg opens files.
"""

import io
import os
import stat
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

import av
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from gpu_tasks.errors import JobFailed
from gpu_tasks.media import limits
from gpu_tasks.media.sniff import READABLE, MediaFormat, sniff

StreamT = TypeVar("StreamT", bound=Stream)
# An AAC frame takes 21 to 128 ms; sound that leads by more is meant to be heard.
_PRIMING_S = Fraction(13, 100)
BUFFER_BYTES = 128 * 1024
# One stream above the limit is let in, so that it can be counted and named.
_OPTIONS = {
    "protocol_whitelist": "file",
    "enable_drefs": "0",
    "use_absolute_path": "0",
    "max_pixels": str(limits.MAX_PIXELS),
    "max_streams": str(limits.MAX_STREAMS + 1),
    "probesize": str(limits.PROBE_BYTES),
    "analyzeduration": str(limits.ANALYZE_S * av.time_base),
}


class LocalFile(io.FileIO):
    """A regular file, read only, never followed through a link; closed with the container that reads it."""

    def __init__(self, path: Path) -> None:
        super().__init__(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb")

    def __del__(self) -> None:
        self.close()


def open_file(path: Path) -> tuple[LocalFile, MediaFormat]:
    """Open a source and recognise it. Raises JobFailed: `invalid_source`, `source_too_large`, `source_not_found`."""
    try:
        file = LocalFile(path)
    except FileNotFoundError:
        raise JobFailed("source_not_found", "the source file is not there") from None
    except OSError:
        raise JobFailed("invalid_source", "the source is not a readable regular file") from None
    info = os.fstat(file.fileno())
    if not stat.S_ISREG(info.st_mode):
        raise JobFailed("invalid_source", "the source is not a regular file")
    if info.st_size == 0:
        raise JobFailed("invalid_source", "the source is empty: 0 bytes")
    if info.st_size > limits.MAX_SIZE_BYTES:
        raise JobFailed(
            "source_too_large", f"the source has {info.st_size} bytes; at most {limits.MAX_SIZE_BYTES} are accepted"
        )
    found = sniff(file)
    if found is None:
        raise JobFailed("invalid_source", f"the source is no known media file; accepted are {READABLE}")
    file.seek(0)
    return file, found


def _only(file: BinaryIO) -> Callable[[str, int, object], BinaryIO]:
    """A file opener for FFmpeg that hands out one file once and refuses everything else."""
    unused = [file]

    def open_once(url: str, flags: int, options: object) -> BinaryIO:
        if not unused:
            raise PermissionError("a source must not open other files")
        return unused.pop()

    return open_once


def open_media(path: Path) -> InputContainer:
    """Open a local media file for decoding; the caller closes it, or uses it as a context manager.

    Codec contexts of its streams carry `max_pixels`. Threads are the caller's to set. Raises JobFailed:
    `invalid_source` for what cannot be read, `source_too_large` for what exceeds `limits`.
    """
    file, found = open_file(path)
    if not found.demuxer:
        file.close()
        raise JobFailed("invalid_source", f"the source is a {found.name} file, not media")
    try:
        container = av.open(
            path.name, format=found.demuxer, options=_OPTIONS, buffer_size=BUFFER_BYTES, io_open=_only(file)
        )
    except MemoryError:
        raise JobFailed("source_too_large", "the source has too many streams or needs too much memory") from None
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise JobFailed("invalid_source", f"the source cannot be read as {found.name}: {reason(error)}") from None
    _check(container)
    for stream in container.streams:
        if stream.type in ("video", "audio") and stream.codec_context is not None:
            stream.codec_context.options = {"max_pixels": str(limits.MAX_PIXELS)}
    return container


def _check(container: InputContainer) -> None:
    if len(container.streams) == 0:
        raise JobFailed("invalid_source", "the source holds no streams")
    if len(container.streams) > limits.MAX_STREAMS:
        raise JobFailed("source_too_large", f"the source has more than {limits.MAX_STREAMS} streams")
    for stream in container.streams.video:
        if stream.codec_context is not None:
            check_pixels(stream.codec_context.width, stream.codec_context.height)


def packets(container: InputContainer, stream: StreamT) -> Iterator["av.Packet[StreamT]"]:
    """The packets of one stream, then an empty one that flushes its decoder.

    Damaged transport streams grow new streams while they are read; PyAV 18.1 fails on those, behind the last packet.
    """
    try:
        yield from cast("Iterator[av.Packet[StreamT]]", container.demux(stream))
    except IndexError:
        return


def check_pixels(width: int, height: int) -> None:
    """Raise JobFailed `source_too_large` for a picture of more than `limits.MAX_PIXELS`."""
    if width * height > limits.MAX_PIXELS:
        raise JobFailed(
            "source_too_large", f"the picture has {width}×{height} pixels; at most {limits.MAX_PIXELS} are accepted"
        )


def best_picture(container: InputContainer) -> VideoStream | None:
    """The moving picture that a player would choose; cover art is none."""
    moving = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    best = container.streams.best("video")
    return best if best in moving else next(iter(moving), None)


def time_zero(container: InputContainer) -> Fraction:
    """The timestamp in seconds that counts as the source's second 0, the same for picture and sound.

    The picture's first instant, unless the sound begins well before it: then the container's start. So frame 0 is seen
    at second 0 also where the sound's priming was put before it, and both stay in step. Never negative: what lies
    there is a codec's priming.
    """
    start_s = Fraction(max(container.start_time or 0, 0), av.time_base)
    picture = best_picture(container)
    if picture is None or picture.start_time is None or picture.time_base is None:
        return start_s
    picture_s = picture.start_time * picture.time_base
    return picture_s if start_s <= picture_s <= start_s + _PRIMING_S else start_s


def reason(error: Exception) -> str:
    """FFmpeg's words for an error, without the file's name."""
    return str(getattr(error, "strerror", None) or type(error).__name__).lower()
