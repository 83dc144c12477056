"""Helpers of the text tests: elements, rendering and what can be seen in a raster."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.text import TextRaster, TextRenderer
from gpu_tasks.timeline.request import TextElement

CANVAS = (1280, 720)
RENDERER = TextRenderer()


def element(text: str, **fields: Any) -> TextElement:
    return TextElement(type="text", duration=1, text=text, **fields)


def raster(text: str, **fields: Any) -> TextRaster:
    return RENDERER.render(element(text, **fields), CANVAS)


def ink(rgba: NDArray[np.uint8]) -> float:
    """How many pixels are covered, in whole pixels."""
    return float(rgba[..., 3].sum()) / 255


def ink_columns(rgba: NDArray[np.uint8]) -> tuple[int, int]:
    """First and last column that holds anything."""
    columns = np.flatnonzero(rgba[..., 3].max(axis=0) > 20)
    return int(columns[0]), int(columns[-1])


def colorfulness(rgba: NDArray[np.uint8]) -> int:
    """The greatest difference between two channels of one pixel."""
    rgb = rgba[..., :3].astype(int)
    return int((rgb.max(axis=2) - rgb.min(axis=2)).max())
