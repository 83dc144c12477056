"""Text elements of a request as pixels, by our own text renderer, so that every tool shows the same glyphs."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.text import TextRenderer
from gpu_tasks.timeline.geometry import place_text
from gpu_tasks.timeline.request import TextElement


@cache
def _renderer() -> TextRenderer:
    return TextRenderer()


def draw_text(canvas: NDArray[np.float32], element: dict[str, Any]) -> None:
    """Draw a text element where the request places it. `canvas` is H×W×4, premultiplied RGBA, 0-255."""
    size = (canvas.shape[1], canvas.shape[0])
    text = TextElement.model_validate(element)
    raster = _renderer().render(text, size)
    placement = place_text(text, (raster.width, raster.height), size)
    if placement is None:
        raise ValueError(f"{element['text']!r} has no area")
    left, top = round(placement.matrix.c) + raster.origin_x, round(placement.matrix.f) + raster.origin_y
    height, width = raster.rgba.shape[:2]
    if left < 0 or top < 0 or left + width > size[0] or top + height > size[1]:
        raise ValueError(f"{element['text']!r} does not fit on the canvas of {size[0]}×{size[1]}")
    window = canvas[top : top + height, left : left + width]
    window += raster.rgba - window * (raster.rgba[..., 3:].astype(np.float32) / 255)


def word_width(element: dict[str, Any], canvas_size: tuple[int, int]) -> float:
    """Width of a text element as laid out on one line, in pixels."""
    return _renderer().layout(TextElement.model_validate(element), canvas_size).width
