"""The stored sheets: a PNG for each family, one entry after the other, and a list of what lies where."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.surface import Surface
from tests.engine.films import Planes
from tests.golden.scenes import Golden

SHEETS = Path(__file__).parent / "sheets"
INDEX = SHEETS / "index.json"
COLUMNS_PX = 480
Picture = NDArray[np.uint8]
"""height × width × 3, B'G'R'."""


def picture_of(frame: Planes) -> Picture:
    """A 4:2:0 frame as it is seen."""
    shape = frame[0].shape
    rgb = cpu.to_rgb(Surface(frame[0], frame[1], frame[2], 2), tuple(np.empty(shape, np.uint8) for _ in range(3)))
    return np.dstack(rgb[::-1])


def strip_of(frames: Sequence[Planes]) -> Picture:
    """Pictures side by side."""
    return np.hstack([picture_of(frame) for frame in frames])


def psnr_db(first: Picture, second: Picture) -> float:
    """Peak signal-to-noise ratio; infinite for equal pictures."""
    mean_square = float(np.square(first.astype(float) - second).mean())
    return float("inf") if mean_square == 0 else 10 * np.log10(255**2 / mean_square)


def write_sheet(family: str, strips: dict[str, Picture]) -> Path:
    """Store the strips of a family, as many beside each other as fit. Returns the file."""
    SHEETS.mkdir(exist_ok=True)
    height, width = next(iter(strips.values())).shape[:2]
    across = max(1, COLUMNS_PX // width)
    cells = [*strips.values()]
    cells += [np.zeros_like(cells[0])] * (-len(cells) % across)
    rows = [np.hstack(cells[first : first + across]) for first in range(0, len(cells), across)]
    path = SHEETS / f"{family}.png"
    if not cv2.imwrite(str(path), np.vstack(rows), [cv2.IMWRITE_PNG_COMPRESSION, 9]):
        raise OSError(f"could not write {path}")
    index = json.loads(INDEX.read_text("utf-8")) if INDEX.exists() else {}
    index[family] = {"width": width, "height": height, "names": list(strips)}
    INDEX.write_text(json.dumps(index, indent=1, sort_keys=True) + "\n", "utf-8")
    return path


@cache
def _sheet(family: str) -> Picture:
    return np.asarray(cv2.imread(str(SHEETS / f"{family}.png")), np.uint8)


@cache
def index() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads(INDEX.read_text("utf-8"))
    return found


def stored(golden: Golden) -> Picture:
    """The strip of an entry as it was when the sheets were made. KeyError or ValueError where it was not among them."""
    facts = index()[golden.family]
    width, height, names = facts["width"], facts["height"], facts["names"]
    assert isinstance(width, int)
    assert isinstance(height, int)
    assert isinstance(names, list)
    across = max(1, COLUMNS_PX // width)
    row, column = divmod(names.index(golden.name), across)
    return _sheet(golden.family)[row * height : (row + 1) * height, column * width : (column + 1) * width]
