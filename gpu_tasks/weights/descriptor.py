"""What is known about a network before its file is opened."""

from dataclasses import dataclass
from typing import Literal

Purpose = Literal["super_resolution", "background_removal", "gaze", "transcription"]
Variant = Literal["clean", "robust", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptor:
    """One network.

    `file` is its name in the folder of shipped or installed files, or its path inside the Python package `package`.
    `packaged` networks come with this project or with that package, the others are installed by the operator.
    `sha256` is None where it is not known: then the operator states it when he installs the file.

    `scale` and `channels` are those of a super-resolution network (1 channel: luma), `variant` what it was trained for.
    `tile_px` is the largest side of a tile in input pixels (0: any size), `bytes_per_pixel` the working memory that
    one input pixel takes in float32, `overlap_px` how far an input pixel reaches, `size_bytes` 0 where it is unknown.
    """

    name: str
    purpose: Purpose
    file: str
    sha256: str | None
    size_bytes: int
    licence: str
    commercial_use: bool
    source: str
    architecture: str
    scale: int = 1
    channels: int = 3
    variant: Variant = ""
    packaged: bool = False
    package: str = ""
    tile_px: int = 0
    overlap_px: int = 0
    bytes_per_pixel: int = 0
    url: str = ""
    notes: str = ""
