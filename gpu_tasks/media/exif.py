"""The orientation tag of EXIF data: a TIFF directory, read with bounds."""

import struct
from collections.abc import Iterator
from mmap import mmap

ORIENTATION_TAG = 0x0112
_WIDTH_TAG, _HEIGHT_TAG = 0x0100, 0x0101
_MAX_ENTRIES = 512
_SHORT, _LONG = 3, 4


def orientation(tiff: bytes | mmap) -> int:
    """EXIF orientation 1-8 of a TIFF structure (`II*\\0…` or `MM\\0*…`); 1 where it is missing or unreadable."""
    value = first_directory(tiff).get(ORIENTATION_TAG, 1)
    return value if 1 <= value <= 8 else 1


def tiff_size(tiff: bytes | mmap) -> tuple[int, int]:
    """Width and height in pixels of a TIFF's first picture; zeros where the tags are missing."""
    tags = first_directory(tiff)
    return tags.get(_WIDTH_TAG, 0), tags.get(_HEIGHT_TAG, 0)


def first_directory(tiff: bytes | mmap) -> dict[int, int]:
    """The single integer values of a TIFF's first directory, by tag."""
    order = {b"II": "<", b"MM": ">"}.get(bytes(tiff[:2]))
    if order is None or len(tiff) < 8:
        return {}
    return dict(_entries(tiff, order, struct.unpack_from(order + "I", tiff, 4)[0]))


def _entries(tiff: bytes | mmap, order: str, offset: int) -> Iterator[tuple[int, int]]:
    if offset + 2 > len(tiff):
        return
    count = min(struct.unpack_from(order + "H", tiff, offset)[0], _MAX_ENTRIES)
    for start in range(offset + 2, min(offset + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind, values = struct.unpack_from(order + "HHI", tiff, start)
        if values == 1 and kind in (_SHORT, _LONG):
            yield tag, struct.unpack_from(order + ("H" if kind == _SHORT else "I"), tiff, start + 8)[0]
