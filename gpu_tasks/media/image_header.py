"""Size, orientation and completeness of a picture from its file's structure, before anything is decoded."""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from mmap import mmap

from gpu_tasks.media import exif

Data = bytes | mmap
_PNG_COMPRESSED = (b"iCCP", b"zTXt", b"iTXt")
_MAX_UNPACKED_BYTES = 16 * 1024**2
_MAX_SEGMENTS = 1_000_000
_START_OF_FRAME = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_START_OF_SCAN, _END_OF_IMAGE, _APP1 = 0xDA, 0xD9, 0xE1
_GIF_EXTENSION, _GIF_PICTURE = 0x21, 0x2C
# In entropy-coded data 0xFF is followed by 0 (stuffing) or a restart marker; anything else ends it.
_END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """What the structure says: stored size in pixels (0 = unknown), EXIF orientation 1-8, whether its end is there.

    `oversized` tells of a compressed colour profile or text that unpacks to more than any real one, `animated` of a
    WebP that holds frames instead of a picture.
    """

    width: int = 0
    height: int = 0
    orientation: int = 1
    complete: bool = True
    oversized: bool = False
    animated: bool = False


def read_header(data: Data, image_format: str) -> ImageHeader:
    """Read the structure of a png, jpeg, webp, gif or tiff file. Unreadable structure yields zeros."""
    try:
        return _READERS[image_format](data)
    except (struct.error, IndexError):
        return ImageHeader(complete=False)


def _png(data: Data) -> ImageHeader:
    width, height = struct.unpack_from(">II", data, 16)
    turned, complete, oversized = 1, False, False
    for kind, start, size in _chunks(data, 8, ">", trailer=4, size_first=True):
        oversized = oversized or (kind in _PNG_COMPRESSED and _unpacks_beyond_limit(data[start : start + size]))
        if kind == b"eXIf":
            turned = exif.orientation(data[start : start + size])
        complete = complete or kind == b"IEND"
    return ImageHeader(width, height, turned, complete, oversized)


def _unpacks_beyond_limit(payload: bytes) -> bool:
    """Whether the zlib stream in a chunk (behind a name, a zero and a method byte or three) is a bomb."""
    stream = payload.find(b"\x78", payload.find(b"\0"))
    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(payload[stream:], _MAX_UNPACKED_BYTES)
    except zlib.error:
        return False
    return bool(unpacker.unconsumed_tail)


def _webp(data: Data) -> ImageHeader:
    width, height, turned, animated = 0, 0, 1, False
    for kind, start, size in _chunks(data, 12, "<", trailer=0, size_first=False):
        if kind == b"EXIF":
            turned = exif.orientation(data[start : start + size].removeprefix(b"Exif\0\0"))
        elif kind == b"ANMF":
            animated = True
        elif not width:
            width, height = _webp_size(kind, data[start : start + 10])
    complete = struct.unpack_from("<I", data, 4)[0] + 8 <= len(data) + 1
    return ImageHeader(width, height, turned, complete, animated=animated)


def _webp_size(kind: bytes, head: bytes) -> tuple[int, int]:
    """VP8X: two 24-bit sizes less one; VP8L: two of 14 bits less one; VP8: two of 14 bits behind the start code."""
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", head, 6)
    return width & 0x3FFF, height & 0x3FFF


def _chunks(data: Data, start: int, order: str, *, trailer: int, size_first: bool) -> Iterator[tuple[bytes, int, int]]:
    """Kind, payload offset and payload size of each chunk that lies wholly in the file."""
    for _ in range(_MAX_SEGMENTS):
        if start + 8 > len(data):
            return
        layout = order + ("I4s" if size_first else "4sI")
        first, second = struct.unpack_from(layout, data, start)
        kind, size = (second, first) if size_first else (first, second)
        if start + 8 + size + trailer > len(data):
            return
        yield kind, start + 8, size
        start += 8 + size + trailer + (0 if size_first else size & 1)


def _gif(data: Data) -> ImageHeader:
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    return ImageHeader(width, height, complete=_gif_picture_ends(data, 13 + _gif_palette_bytes(flags)))


def _gif_palette_bytes(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _gif_picture_ends(data: Data, position: int) -> bool:
    """Whether the first picture is there to its terminating empty sub-block."""
    for _ in range(_MAX_SEGMENTS):
        introducer = data[position]
        if introducer == _GIF_EXTENSION:
            position = _behind_sub_blocks(data, position + 2)
        elif introducer == _GIF_PICTURE:
            _behind_sub_blocks(data, position + 11 + _gif_palette_bytes(data[position + 9]))
            return True
        else:
            return False
    return False


def _behind_sub_blocks(data: Data, position: int) -> int:
    """The offset behind a run of length-prefixed sub-blocks. Raises IndexError where the file ends first."""
    while data[position]:
        position += 1 + data[position]
    return position + 1


def _tiff(data: Data) -> ImageHeader:
    width, height = exif.tiff_size(data)
    return ImageHeader(width, height, exif.orientation(data))


def _jpeg(data: Data) -> ImageHeader:
    width = height = 0
    turned, complete = 1, False
    for marker, start, size in _segments(data):
        if marker in _START_OF_FRAME:
            height, width = struct.unpack_from(">HH", data, start + 1)
        elif marker == _APP1 and data[start : start + 6] == b"Exif\0\0":
            turned = exif.orientation(data[start + 6 : start + size])
        complete = complete or marker == _END_OF_IMAGE
    return ImageHeader(width, height, turned, complete)


def _segments(data: Data) -> Iterator[tuple[int, int, int]]:
    """Marker, payload offset and payload size of each JPEG segment; the walk ends with the end-of-image marker."""
    position = 2
    for _ in range(_MAX_SEGMENTS):
        while position + 1 < len(data) and data[position] == 0xFF and data[position + 1] == 0xFF:
            position += 1
        if position + 2 > len(data) or data[position] != 0xFF:
            return
        marker = data[position + 1]
        if marker == _END_OF_IMAGE:
            yield marker, position + 2, 0
            return
        size = struct.unpack_from(">H", data, position + 2)[0]
        yield marker, position + 4, size - 2
        position += 2 + size
        if marker == _START_OF_SCAN:
            end = _END_OF_SCAN.search(data, position)
            if end is None:
                return
            position = end.start()


_READERS: dict[str, Callable[[Data], ImageHeader]] = {
    "png": _png,
    "jpeg": _jpeg,
    "webp": _webp,
    "gif": _gif,
    "tiff": _tiff,
}
