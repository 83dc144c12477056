"""What cameras and recorders draw over a picture: antialiased bars, discs and lettering, as coverage planes 0-1."""

import math
from functools import lru_cache
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects._overlay import Reals

FONT: Final = "JetBrains Mono"
LEAST_LETTER_PX = 4.0

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


class Ink:
    """A plane of coverage to draw on; what is drawn twice is covered once."""

    def __init__(self, width: int, height: int) -> None:
        self.coverage: Reals = np.zeros((height, width), np.float32)

    def bar(self, box: Box, strength: float = 1.0) -> None:
        """A rectangle, antialiased by exact area."""
        target, covered = self._covered(box)
        np.maximum(target, np.float32(strength) * covered, out=target)

    def tile(self, box: Box) -> None:
        """A rectangle that may touch others, without a seam between them."""
        target, covered = self._covered(box)
        np.minimum(target + covered, 1, out=target)

    def _covered(self, box: Box) -> tuple[Reals, Reals]:
        """The part of the plane that a box touches, and how much of each of its pixels the box covers."""
        (left, right), (top, bottom) = (
            (min(max(math.floor(low), 0), length), min(max(math.ceil(high), 0), length))
            for low, high, length in zip(box[:2], box[2:], self.coverage.shape[::-1], strict=True)
        )
        down, across = _overlap(box[1], box[3], top, bottom), _overlap(box[0], box[2], left, right)
        return self.coverage[top:bottom, left:right], down[:, None] * across[None, :]

    def frame(self, box: Box, thickness: float, strength: float = 1.0) -> None:
        """The outline of a rectangle, inwards from `box`."""
        left, top, right, bottom = box
        for part in (
            (left, top, right, top + thickness),
            (left, bottom - thickness, right, bottom),
            (left, top, left + thickness, bottom),
            (right - thickness, top, right, bottom),
        ):
            self.bar(part, strength)

    def corners(self, box: Box, length: float, thickness: float, strength: float = 1.0) -> None:
        """The four corners of a frame, with arms of `length`."""
        left, top, right, bottom = box
        for x, inwards in ((left, 1), (right, -1)):
            for y, down in ((top, 1), (bottom, -1)):
                self.bar(_ordered(x, y, x + inwards * length, y + down * thickness), strength)
                self.bar(_ordered(x, y, x + inwards * thickness, y + down * length), strength)

    def disc(self, x: float, y: float, radius: float) -> None:
        height, width = self.coverage.shape
        distance = np.hypot(np.arange(width)[None, :] + 0.5 - x, np.arange(height)[:, None] + 0.5 - y)
        covered = np.clip(radius - distance + 0.5, 0, 1) * min(1.0, (2 * radius) ** 2)
        np.maximum(self.coverage, covered, out=self.coverage, casting="same_kind")

    def stamp(self, mask: Reals, x: float, y: float) -> None:
        """Draw a mask with its upper left corner at (x, y), to the whole pixel."""
        left, top = round(x), round(y)
        height, width = self.coverage.shape
        rows = slice(max(top, 0), max(min(top + mask.shape[0], height), 0))
        columns = slice(max(left, 0), max(min(left + mask.shape[1], width), 0))
        if rows.stop > rows.start and columns.stop > columns.start:
            target = self.coverage[rows, columns]
            part = mask[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
            np.maximum(target, part, out=target)


def _ordered(x0: float, y0: float, x1: float, y1: float) -> Box:
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _overlap(start: float, end: float, first: int, last: int) -> Reals:
    """How much of each of the cells of size 1 from `first` to `last` lies between `start` and `end`."""
    cells = np.arange(first, max(first, last))
    return np.asarray(np.clip(np.minimum(end, cells + 1) - np.maximum(start, cells), 0, 1), np.float32)


def blurred(coverage: Reals, sigma_px: float) -> Reals:
    return coverage if sigma_px < 0.05 else np.asarray(cv2.GaussianBlur(coverage, (0, 0), sigma_px), np.float32)


def with_shadow(coverage: Reals, colour: tuple[float, float, float], shadow: Reals, opacity: float) -> NDArray[Any]:
    """Premultiplied R'G'B'A (0-1): ink in a colour over a black shadow."""
    ink = coverage * opacity
    return np.dstack([*(ink * channel for channel in colour), ink + shadow * opacity * (1 - ink)]).astype(np.float32)


@lru_cache(maxsize=64)
def lettering(text: str, size_px: float, weight: int = 600) -> Reals:
    """Coverage of a line of monospaced text in its box; nothing where it would be too small to be seen."""
    if size_px < LEAST_LETTER_PX:
        return np.zeros((max(1, round(1.3 * size_px)), max(1, round(0.6 * size_px * len(text)))), np.float32)
    # Here, because text loads Skia, which pictures without an overlay have no use for.
    from gpu_tasks.engine.text import TextRenderer
    from gpu_tasks.timeline.request import TextElement

    element = TextElement(
        type="text",
        text=text,
        duration=1,
        font_family=FONT,
        font_size=size_px,
        font_weight=weight,
        text_color="#ffffff",
        x_padding=0,
        y_padding=0,
        text_wrap="nowrap",
    )
    raster = TextRenderer().render(element, (8192, 8192))
    ink = Ink(max(1, round(raster.width)), max(1, round(raster.height)))
    ink.stamp((raster.rgba[..., 3] / 255).astype(np.float32), raster.origin_x, raster.origin_y)
    return ink.coverage
