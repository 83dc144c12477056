"""Makes the files: sources, tiles, sheets."""

import time
from pathlib import Path

import cv2

from scripts.gallery.page import page, tile_file
from scripts.gallery.painters import paint_sources, write_png
from scripts.gallery.studio import Studio
from scripts.gallery.tiles import Sheet, Strip, film, picture


def prepare(work: Path) -> None:
    """The painted sources, and a clip that the engine makes of them."""
    paint_sources(work)
    motion = {"type": "slide_right", "time": 0, "duration": 2.4, "easing": "linear"}
    balloon = picture("balloon.png", width=440, height=440, y="48%", motion=[motion])
    Studio(work).write(film(balloon, picture("city.png"), duration_s=3, frame_rate=30), work / "flight.mp4")


def print_sheet(work: Path, out: Path, sheet: Sheet) -> int:
    """Render the tiles of a sheet into `work` and the sheet into `out`; returns its size in bytes."""
    cv2.setNumThreads(1)
    studio, started = Studio(work), time.monotonic()
    for number, strip in enumerate(sheet.strips):
        _render_tiles(studio, sheet, number, strip)
    path = out / f"{sheet.file}.jpg"
    studio.write_jpeg(page(sheet), path)
    size_bytes = path.stat().st_size
    print(f"  {path.name}: {size_bytes / 1e3:.0f} kB, {time.monotonic() - started:.0f} s", flush=True)
    return size_bytes


def _render_tiles(studio: Studio, sheet: Sheet, number: int, strip: Strip) -> None:
    tile = 0
    for request in strip.requests:
        for index, frame in enumerate(studio.frames(request)):
            if index in strip.frames:
                write_png(studio.folder / tile_file(sheet, number, tile), frame)
                tile += 1
            if index >= strip.frames[-1]:
                break
