"""Cuts and grafts in ISO media files (mp4, mov), for making them lie."""

import struct


def find_box(data: bytes, path: tuple[bytes, ...]) -> tuple[int, int]:
    """Offset and size of the first box at that path of kinds, e.g. (b"moov", b"trak", b"tkhd")."""
    return _chain(data, path)[-1]


def replace_box(data: bytes, path: tuple[bytes, ...], box: bytes) -> bytes:
    """The file with another box at that path; the sizes around it follow. For files whose `moov` lies at the end."""
    chain = _chain(data, path)
    offset, size = chain[-1]
    changed = bytearray(data[:offset] + box + data[offset + size :])
    for parent, parent_size in chain[:-1]:
        struct.pack_into(">I", changed, parent, parent_size + len(box) - size)
    return bytes(changed)


def insert_in_box(data: bytes, path: tuple[bytes, ...], offset: int, values: bytes) -> bytes:
    """The file with bytes of the box overwritten, counted from its payload's start."""
    start, _ = find_box(data, path)
    changed = bytearray(data)
    changed[start + 8 + offset : start + 8 + offset + len(values)] = values
    return bytes(changed)


def box(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(payload), kind) + payload


def _chain(data: bytes, path: tuple[bytes, ...]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start, stop = 0, len(data)
    for kind in path:
        offset, size = next((o, s) for o, s, k in _boxes(data, start, stop) if k == kind)
        found.append((offset, size))
        start, stop = offset + 8, offset + size
    return found


def _boxes(data: bytes, start: int, stop: int) -> list[tuple[int, int, bytes]]:
    found = []
    while start + 8 <= stop:
        size, kind = struct.unpack_from(">I4s", data, start)
        found.append((start, size, kind))
        start += max(size, 8)
    return found
