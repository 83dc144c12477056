"""Soft light and shadow: pictures that are drawn, blurred and put under a text."""

import math
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""Premultiplied RGBA."""
_SHARPEST_SIGMA_PX = 2.5


def draw_soft(
    canvas: Any, sharpest: float, paint_on: Callable[[Any], None], soften: Callable[[Pixels, float], Pixels]
) -> None:
    """A blurred picture, drawn small and enlarged where no blur is narrow: it looks the same and costs a fraction.

    `sharpest` is the narrowest sigma in box pixels; `soften` is told how many raster pixels one of those has.
    """
    info, matrix = canvas.imageInfo(), canvas.getTotalMatrix()
    shrink = max(1.0, sharpest * matrix.getScaleX() / _SHARPEST_SIGMA_PX)
    width, height = math.ceil(info.width() / shrink), math.ceil(info.height() / shrink)
    pixels = np.zeros((height, width, 4), np.uint8)
    pen = skia.Surface.MakeRasterDirect(info.makeWH(width, height), pixels).getCanvas()
    pen.scale(width / info.width(), height / info.height())
    pen.concat(matrix)
    paint_on(pen)
    soft = soften(pixels, matrix.getScaleX() / shrink)
    if shrink > 1:
        soft = _resized(soft, (info.width(), info.height()))
    canvas.save()
    canvas.resetMatrix()
    canvas.drawImage(skia.Surface.MakeRasterDirect(info, soft).makeImageSnapshot(), 0, 0)
    canvas.restore()


def blurred(pixels: Pixels, sigma_px: float, strength: float = 1.0) -> Pixels:
    """Gaussian blur; Skia takes ten times as long for one of a picture, and to enlarge it."""
    height, width = pixels.shape[:2]
    shrink = max(1.0, sigma_px / _SHARPEST_SIGMA_PX)
    if shrink > 1:
        small = (math.ceil(width / shrink), math.ceil(height / shrink))
        pixels = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA)
    pixels = cv2.GaussianBlur(pixels, (0, 0), sigma_px / shrink, borderType=cv2.BORDER_CONSTANT)
    if strength != 1:
        pixels = cv2.convertScaleAbs(pixels, alpha=strength)
    return _resized(pixels, (width, height)) if shrink > 1 else pixels


def added(first: Pixels, second: Pixels) -> Pixels:
    """The sum of two pictures, as light adds up, at most full."""
    whole: Pixels = cv2.add(first, second)
    return whole


def _resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    resized: Pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR)
    return resized
