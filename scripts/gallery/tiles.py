"""What a sheet shows: rows of tiles, each a frame of a request."""

from dataclasses import dataclass
from typing import Any

Payload = dict[str, Any]
"""A RenderRequest as JSON; its source URLs are names of files of the gallery."""
TILE = (1280, 720)
CONTACT = (4, 400)
"""Columns, and the width of a tile in pixels, of sheets of single tiles."""
FILM_STRIP = (6, 272)
STILL_S = 1.25
"""The moment that single tiles show, unless they ask for another one."""


@dataclass(frozen=True, slots=True)
class Strip:
    """One entry of the catalogue: a request and the frames of it that become tiles, side by side.

    `name` and `note` stand below it on the sheet, `look` describes it in the index. `captions` name each tile instead
    of the note, where they differ by more than time. `opens_row`: it begins a row even where there is room before.
    """

    name: str
    look: str
    requests: tuple[Payload, ...]
    frames: tuple[int, ...] = (0,)
    captions: tuple[str, ...] = ()
    note: str = ""
    opens_row: bool = False

    @property
    def count(self) -> int:
        """How many tiles it has."""
        return len(self.requests) * len(self.frames)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of strips in rows of `columns` tiles, each `tile_px` wide."""

    file: str
    title: str
    about: str
    strips: tuple[Strip, ...]
    columns: int
    tile_px: int


def still(*elements: Payload, time_s: float = STILL_S, **canvas: Any) -> Payload:
    """A request for one frame at `time_s`."""
    return film(*elements, duration_s=time_s + 1, output_format="png", poster_time=time_s, frame_rate=30, **canvas)


def film(*elements: Payload, duration_s: float, frame_rate: int, **canvas: Any) -> Payload:
    """A request for a film; `frame_rate` is as low as its strip needs."""
    size = {"width": TILE[0], "height": TILE[1]}
    return {**size, "duration": duration_s, "frame_rate": frame_rate, "elements": list(elements), **canvas}


def picture(name: str, duration_s: float = 60, **fields: Any) -> Payload:
    """An image element."""
    return {"type": "image", "id": fields.pop("id", name), "source_url": name, "duration": duration_s, **fields}


def words(text: str, duration_s: float = 60, **fields: Any) -> Payload:
    """A text element, in large letters unless told otherwise."""
    style = {"font_size": 120, "font_weight": 800, "text_color": "#ffffff"}
    return {"type": "text", "text": text, "duration": duration_s, **style, **fields}


def film_strips(file: str, title: str, about: str, strips: tuple[Strip, ...], per_sheet: int = 9) -> tuple[Sheet, ...]:
    """Sheets of strips of six frames, one below the other; numbered when there are several."""
    parts = [strips[first : first + per_sheet] for first in range(0, len(strips), per_sheet)]
    if len(parts) == 1:
        return (Sheet(file, title, about, strips, *FILM_STRIP),)
    return tuple(
        Sheet(f"{file}-{number}", f"{title} {number} of {len(parts)}", about, part, *FILM_STRIP)
        for number, part in enumerate(parts, 1)
    )
