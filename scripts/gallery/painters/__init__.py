"""The gallery's sources, painted by itself: the same files on every machine, nothing to download."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2

from examples.sources.noise import Array
from examples.sources.still import mountains
from scripts.gallery.painters.balloons import balloon, balloons
from scripts.gallery.painters.city import city
from scripts.gallery.painters.portrait import green_screen, portrait
from scripts.gallery.painters.tables import cube_table, curve_table

PICTURES: Final[dict[str, Callable[[], Array]]] = {
    "portrait.png": portrait,
    "green.png": green_screen,
    "mountains.png": lambda: mountains(1280, 720),
    "tall.png": lambda: mountains(1280, 720)[:, 640:1045],
    "city.png": city,
    "balloons.png": balloons,
    "balloon.png": balloon,
}
TABLES: Final[dict[str, Callable[[], str]]] = {"dusk.cube": cube_table, "faded.cube": curve_table}


def paint_sources(folder: Path) -> None:
    """Write every picture and colour table into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, paint in PICTURES.items():
        write_png(folder / name, paint())
    for name, write in TABLES.items():
        (folder / name).write_text(write(), "ascii")


def write_png(path: Path, picture: Array) -> None:
    """`picture` is H×W×3 or H×W×4 uint8, RGB or straight RGBA."""
    order = cv2.COLOR_RGB2BGR if picture.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    cv2.imwrite(str(path), cv2.cvtColor(picture, order), [cv2.IMWRITE_PNG_COMPRESSION, 1])
