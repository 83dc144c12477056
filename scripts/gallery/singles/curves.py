"""The easings as curves: time to the right, progress upwards."""

from pathlib import Path
from typing import Final

import cv2
import numpy as np

from examples.sources.noise import Array
from gpu_tasks.engine.easing import ease
from gpu_tasks.timeline.catalogue import names

SIDE_PX, MARGIN_PX, SCALE = 200, 24, 4
"""Drawn four times as large, and made smaller for smooth lines."""
STEPS: Final = 120
GROUND, GRID, FRAME, CURVE = (29, 24, 23), (58, 52, 50), (110, 100, 96), (60, 200, 255)
"""Blue, green, red."""


def curve_files() -> tuple[str, ...]:
    """The pictures, relative to the gallery."""
    return tuple(f"easings/{name}.png" for name in names("easings"))


def draw_curves(out: Path) -> None:
    """Write the picture of every easing below `out`."""
    for name, file in zip(names("easings"), curve_files(), strict=True):
        (out / file).parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(out / file), _curve(name), [cv2.IMWRITE_PNG_COMPRESSION, 9])


def _curve(name: str) -> Array:
    """H×W×3 uint8, BGR."""
    side = SIDE_PX * SCALE
    drawn = np.full((side, side, 3), GROUND, np.uint8)
    for quarter in range(5):
        colour = FRAME if quarter in (0, 4) else GRID
        for first, last in (((quarter / 4, 0), (quarter / 4, 1)), ((0, quarter / 4), (1, quarter / 4))):
            cv2.line(drawn, _place(*first), _place(*last), colour, SCALE, cv2.LINE_AA)
    points = [_place(step / STEPS, ease(name, step / STEPS)) for step in range(STEPS + 1)]
    cv2.polylines(drawn, [np.array(points, np.int32)], isClosed=False, color=CURVE, thickness=3 * SCALE)
    return np.asarray(cv2.resize(drawn, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA))


def _place(time: float, progress: float) -> tuple[int, int]:
    room = SIDE_PX - 2 * MARGIN_PX
    return round((MARGIN_PX + time * room) * SCALE), round((MARGIN_PX + (1 - progress) * room) * SCALE)
