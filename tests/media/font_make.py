"""Fonts for tests: one of the project's own, under another name and in another wrapping."""

import io
from pathlib import Path

from fontTools.ttLib import TTFont

from gpu_tasks.media.fonts import committed_fonts, read_font


def make_font(path: Path, family: str, *, flavor: str | None = None, weight: int = 400, letters: str = "Fram") -> Path:
    """A font of `letters` alone, drawn like Anton; `flavor` is None, woff or woff2."""
    anton = committed_fonts().family("Anton")
    assert anton is not None
    font = TTFont(io.BytesIO(read_font(anton.slices[0].files[0].path)))
    for number in (1, 16):
        font["name"].setName(family, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    for table in font["cmap"].tables:
        table.cmap = {point: glyph for point, glyph in table.cmap.items() if chr(point) in letters}
    font.flavor = flavor
    font.save(path)
    return path
