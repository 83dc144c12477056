"""Rasters of laid-out texts: how large they must be, and their memory.

Everything is drawn as outlines without hinting and with grey antialiasing, so that a raster is the same at every
position but for its shift, and the same on every machine.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import skia
from numpy.typing import NDArray

from gpu_tasks.engine.text.brushes import draw
from gpu_tasks.engine.text.look import Look
from gpu_tasks.engine.text.parts import Part
from gpu_tasks.errors import JobFailed

MAX_RASTER_SIDE_PX = 32_000  # beyond, Skia's fixed-point edges lose precision
MAX_RASTER_PIXELS = 1 << 26  # 256 MiB of RGBA
_PAINTED_WHOLE_PIXELS = 1 << 23
_MARGIN_PX = 2  # round corners bleed a little over their bounds

Window = tuple[float, float, float, float]
Bounds = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Target:
    """How box pixels become raster pixels: × scale + offset; nothing outside of `window` is wanted."""

    scale: float = 1.0
    offset: tuple[float, float] = (0.0, 0.0)
    window: Window | None = None


def paint(
    parts: Sequence[Part], look: Look, em: float, target: Target, *, moving: bool
) -> tuple[NDArray[np.uint8], int, int]:
    """Raster parts of a text; returns premultiplied RGBA and the raster's left and top in scaled box pixels.

    A text in motion (`moving`) is painted no larger than the window. Raises JobFailed when the picture would exceed
    MAX_RASTER_SIDE_PX or MAX_RASTER_PIXELS.
    """
    whole = _raster_bounds(_reach(parts, look), target)
    seen = _intersection(whole, target.window) if target.window else whole
    # Skia antialiases a cut curve a little differently, so what rests and fits is painted whole and cut afterwards.
    fits = not moving and (whole[2] - whole[0]) * (whole[3] - whole[1]) <= _PAINTED_WHOLE_PIXELS
    painted = whole if fits else seen
    rgba = _paint_rectangle(parts, look, em, target, painted)
    rows, columns = slice(seen[1] - painted[1], seen[3] - painted[1]), slice(seen[0] - painted[0], seen[2] - painted[0])
    return np.ascontiguousarray(rgba[rows, columns]), seen[0], seen[1]


def _paint_rectangle(parts: Sequence[Part], look: Look, em: float, target: Target, bounds: Bounds) -> NDArray[np.uint8]:
    left, top, right, bottom = bounds
    rgba = _allocate(right - left, bottom - top)
    if not rgba.size:
        return rgba
    height, width = rgba.shape[:2]
    info = skia.ImageInfo.Make(width, height, skia.ColorType.kRGBA_8888_ColorType, skia.AlphaType.kPremul_AlphaType)
    surface = skia.Surface.MakeRasterDirect(info, rgba)
    canvas = surface.getCanvas()
    canvas.translate(target.offset[0] - left, target.offset[1] - top)
    canvas.scale(target.scale, target.scale)
    draw(canvas, parts, look, em)
    surface.flushAndSubmit()
    return rgba


def _allocate(width: int, height: int) -> NDArray[np.uint8]:
    if max(width, height) > MAX_RASTER_SIDE_PX or width * height > MAX_RASTER_PIXELS:
        raise JobFailed(
            "out_of_memory",
            f"a text would cover {width}×{height} pixels; at most {MAX_RASTER_SIDE_PX} a side and "
            f"{MAX_RASTER_PIXELS} in all are drawn: use a smaller font or less text",
        )
    return np.zeros((max(height, 0), max(width, 0), 4), np.uint8)


def _reach(parts: Sequence[Part], look: Look) -> Any:
    """Bounds of everything that may be painted, in box pixels."""
    ink = skia.Rect.MakeEmpty()
    for part in parts:
        ink.join(part.reach(look))
    if look.plate:
        ink.join(skia.Rect.MakeWH(look.plate.width, look.plate.height))
    return ink


def _raster_bounds(reach: Any, target: Target) -> Bounds:
    if reach.isEmpty():
        return 0, 0, 0, 0
    scale, (shift_x, shift_y) = target.scale, target.offset
    left = math.floor(reach.fLeft * scale + shift_x) - _MARGIN_PX
    top = math.floor(reach.fTop * scale + shift_y) - _MARGIN_PX
    right = math.ceil(reach.fRight * scale + shift_x) + _MARGIN_PX
    bottom = math.ceil(reach.fBottom * scale + shift_y) + _MARGIN_PX
    return left, top, right, bottom


def _intersection(bounds: Bounds, window: Window) -> Bounds:
    """What of `bounds` lies in the window; an empty rectangle inside `bounds` when nothing does."""
    left, top = (min(max(bounds[i], math.floor(window[i])), bounds[i + 2]) for i in (0, 1))
    right, bottom = (max(min(bounds[i], math.ceil(window[i])), least) for i, least in ((2, left), (3, top)))
    return left, top, right, bottom
