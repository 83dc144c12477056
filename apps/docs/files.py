"""Pictures, films and samples that lie beside the pages."""

import hashlib
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

FOLDERS: Final = ("images", "gallery", "samples")
"""Below `docs`; nothing else of it is given away but pages."""
TYPES: Final = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".m4a": "audio/mp4",
    ".csv": "text/csv; charset=utf-8",
    ".srt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".json": "application/json",
    ".cube": "text/plain; charset=utf-8",
    ".ttf": "font/ttf",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file on the disk, of a type that browsers know."""

    path: Path
    content_type: str

    @property
    def digest(self) -> str:
        """Of its bytes as they are now: part of addresses that may be kept for ever."""
        facts = self.path.stat()
        return _digest(self.path, facts.st_mtime_ns, facts.st_size)


def files_in(folder: Path) -> dict[str, File]:
    """Every file by its name below `folder`. Nobody can ask for one that is not in here, whatever the address."""
    found = (path for name in FOLDERS for path in sorted((folder / name).rglob("*")) if path.suffix in TYPES)
    regular = (path for path in found if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): File(path, TYPES[path.suffix]) for path in regular}


@lru_cache(maxsize=4096)
def _digest(path: Path, changed_at_ns: int, size_bytes: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


@lru_cache(maxsize=4096)
def picture_size(path: Path) -> tuple[int, int] | None:
    """Width and height of a JPEG (ITU-T T.81, B.2.2) or PNG (ISO 15948, 11.2.2); None for anything else."""
    data = path.read_bytes()
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    return _size_of_jpeg(data) if data.startswith(b"\xff\xd8") else None


def _size_of_jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        # Start of frame, of any coding; C4, C8 and CC are tables.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
