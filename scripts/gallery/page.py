"""Lays a sheet out: itself a request, with its tiles as images and its captions as texts."""

from dataclasses import dataclass

from scripts.gallery.tiles import Payload, Sheet, Strip

WIDTH, MARGIN = 1728, 28
HEADER, CAPTION, FOOT = 128, 46, 18
GROUND, BRIGHT, MUTED = "#17181bff", "#f2f2f4", "#9a9ca3"
ASPECT = (16, 9)


@dataclass(frozen=True, slots=True)
class Cell:
    """A tile's place on the sheet, in pixels."""

    left: int
    top: int


def tile_file(sheet: Sheet, strip: int, tile: int) -> str:
    """The name of the file that a tile is rendered into."""
    return f"{sheet.file}-{strip:02d}-{tile:02d}.png"


def page(sheet: Sheet) -> Payload:
    """The request that composes a sheet from the files of its tiles."""
    cells = _cells(sheet)
    elements = _header(sheet)
    for number, (strip, places) in enumerate(zip(sheet.strips, cells, strict=True)):
        elements += _tiles(sheet, number, places)
        elements += _captions(sheet, strip, places)
    height = cells[-1][-1].top + _tile_height(sheet) + CAPTION + FOOT
    return {"width": WIDTH, "height": height, "duration": 1, "background_color": GROUND, "elements": elements}


def _tile_height(sheet: Sheet) -> int:
    return sheet.tile_px * ASPECT[1] // ASPECT[0]


def _cells(sheet: Sheet) -> list[list[Cell]]:
    """Strips fill rows from left to right; one that does not fit begins the next."""
    pitch_x = (WIDTH - 2 * MARGIN - sheet.tile_px) / max(1, sheet.columns - 1)
    pitch_y = _tile_height(sheet) + CAPTION
    row = column = 0
    found = []
    for strip in sheet.strips:
        if column and (strip.opens_row or column + strip.count > sheet.columns):
            row, column = row + 1, 0
        found.append(
            [
                Cell(
                    MARGIN + round((column + i) % sheet.columns * pitch_x),
                    HEADER + (row + (column + i) // sheet.columns) * pitch_y,
                )
                for i in range(strip.count)
            ]
        )
        row, column = row + (column + strip.count) // sheet.columns, (column + strip.count) % sheet.columns
    return found


def _header(sheet: Sheet) -> list[Payload]:
    title: Payload = {"font_family": "Space Grotesk", "font_size": 42, "font_weight": 700}
    return [
        _text(sheet.title, MARGIN, 26, BRIGHT, **title),
        _text(sheet.about, MARGIN, 84, MUTED, font_size=19),
    ]


def _tiles(sheet: Sheet, number: int, places: list[Cell]) -> list[Payload]:
    height = _tile_height(sheet)
    return [
        {
            "type": "image",
            "id": f"tile-{number}-{tile}",
            "source_url": tile_file(sheet, number, tile),
            "duration": 1,
            "x": cell.left,
            "y": cell.top,
            "x_anchor": "0%",
            "y_anchor": "0%",
            "width": sheet.tile_px,
            "height": height,
        }
        for tile, cell in enumerate(places)
    ]


def _captions(sheet: Sheet, strip: Strip, places: list[Cell]) -> list[Payload]:
    """The name below the first tile; at the right what each tile shows, or below the last one what all of them do."""
    below = _tile_height(sheet) + 8
    found = [_text(strip.name, places[0].left, places[0].top + below, BRIGHT, font_weight=600)]
    labels = strip.captions or ("",) * (len(places) - 1) + (strip.note,)
    for cell, label in zip(places, labels, strict=True):
        if label:
            found.append(_text(label, cell.left + sheet.tile_px, cell.top + below, MUTED, right=True))
    return found


def _text(text: str, x: int, y: int, colour: str, *, right: bool = False, **fields: str | float) -> Payload:
    return {
        "type": "text",
        "text": text,
        "duration": 1,
        "x": x,
        "y": y,
        "x_anchor": "100%" if right else "0%",
        "y_anchor": "0%",
        "text_wrap": "nowrap",
        "text_align": "right" if right else "left",
        "font_size": 17,
        "text_color": colour,
        **fields,
    }
