"""A second, closer look at the people: the network sees 256×256 pixels of whatever it is shown, so it is shown parts.

A part without the context of the whole is sometimes misread (a torso without its head is nobody). So what the network
says about a part counts only as far as it agrees by and large with what it said about the whole picture.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.models.background_removal.planes import Plane, bounded_size, resized
from gpu_tasks.models.background_removal.tidy import decided
from gpu_tasks.models.step import Rgb

WORKING_SIDE_PX = 512
# Shares of the people's own width and height.
_MARGIN, _LEAST_MARGIN = 0.15, 0.05
# A side that takes this share of the picture's is the picture's, and a box of this many times the needed area shrinks.
_NEARLY_ALL, _TOO_LARGE = 0.85, 1.8
_PART = 0.75
# Agreement, as intersection over union, at which a part begins to count and at which it counts in full.
_DOUBTED, _BELIEVED = 0.8, 0.95
_WHOLE_WEIGHT = np.float32(0.08)


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture: left, top, right and bottom as shares of its width and height, 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float

    def pixels(self, width: int, height: int) -> tuple[slice, slice]:
        """The rows and the columns of it, at least one of each."""
        rows = _span(self.top, self.bottom, height)
        return rows, _span(self.left, self.right, width)

    def snapped(self, width: int, height: int) -> "Box":
        """The box with its edges between pixels of a picture of this size, so that all are cut at the same place."""
        rows, columns = self.pixels(width, height)
        return Box(columns.start / width, rows.start / height, columns.stop / width, rows.stop / height)

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)


WHOLE = Box(0.0, 0.0, 1.0, 1.0)


class CloserLook:
    """Coverage by people in the frames of one clip. The box around them stays where it is while they stay inside, so
    that no frame is seen from elsewhere than the last one without need."""

    def __init__(self, coverage: Callable[[Rgb], Plane]) -> None:
        self._coverage = coverage
        self.box = WHOLE
        """Around the people of the last frame, with a margin."""

    def coverage(self, rgb: Rgb) -> Plane:
        """0 to 1, stretched over `rgb`; its long side is 512. All zero where the whole picture shows nobody."""
        size = bounded_size(rgb.shape[1], rgb.shape[0], WORKING_SIDE_PX)
        whole = self._look(rgb, size)
        if whole.max() < 0.5:
            return np.zeros_like(whole)
        self._keep_in_sight(whole)
        return self._blended(rgb, whole)

    def _look(self, rgb: Rgb, size: tuple[int, int]) -> Plane:
        """Decided before it is averaged with others: one that sees a veil is outvoted by those that see none."""
        return decided(resized(self._coverage(rgb), size))

    def _keep_in_sight(self, whole: Plane) -> None:
        needed = box_around(whole, _MARGIN)
        if not self.box.holds(box_around(whole, _LEAST_MARGIN)) or self.box.area > _TOO_LARGE * needed.area:
            self.box = needed

    def _blended(self, rgb: Rgb, whole: Plane) -> Plane:
        total, weights = _WHOLE_WEIGHT * whole, np.full_like(whole, _WHOLE_WEIGHT)
        for part in parts(self.box):
            part = part.snapped(whole.shape[1], whole.shape[0])
            here = part.pixels(whole.shape[1], whole.shape[0])
            if whole[here].max() < 0.5:
                continue
            shown = np.ascontiguousarray(rgb[part.pixels(rgb.shape[1], rgb.shape[0])])
            closer = self._look(shown, (whole[here].shape[1], whole[here].shape[0]))
            weight = belief(closer, whole[here]) * _bump(closer.shape, part)
            total[here] += weight * closer
            weights[here] += weight
        return total / weights


def box_around(coverage: Plane, margin: float) -> Box:
    """What is covered by half or more, with a margin; the whole picture where that is nearly all of it or nothing."""
    height, width = coverage.shape
    rows, columns = (np.flatnonzero((coverage >= 0.5).any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return WHOLE
    top, bottom = _with_margin(rows[0] / height, (rows[-1] + 1) / height, margin)
    left, right = _with_margin(columns[0] / width, (columns[-1] + 1) / width, margin)
    return Box(left, top, right, bottom).snapped(width, height)


def parts(box: Box) -> Iterator[Box]:
    """The box itself where it is not the whole picture, and four overlapping quarters of it."""
    if box != WHOLE:
        yield box
    width, height = _PART * (box.right - box.left), _PART * (box.bottom - box.top)
    for top in (box.top, box.bottom - height):
        for left in (box.left, box.right - width):
            yield Box(left, top, left + width, top + height)


def belief(closer: Plane, whole: Plane) -> np.float32:
    """How far a closer look is believed, 0 to 1, by its agreement with the look at the whole picture."""
    union = float(np.maximum(closer, whole).sum())
    agreement = float(np.minimum(closer, whole).sum()) / max(1.0, union)
    return np.float32(np.clip((agreement - _DOUBTED) / (_BELIEVED - _DOUBTED), 0, 1))


def _with_margin(start: float, stop: float, margin: float) -> tuple[float, float]:
    beside = margin * (stop - start)
    start, stop = max(0.0, start - beside), min(1.0, stop + beside)
    return (start, stop) if stop - start < _NEARLY_ALL else (0.0, 1.0)


def _span(start: float, stop: float, size: int) -> slice:
    first = min(size - 1, round(start * size))
    return slice(first, max(first + 1, round(stop * size)))


def _bump(shape: tuple[int, ...], part: Box) -> Plane:
    """A weight that is 1 in the middle of a part and falls to almost 0 where other pixels follow, so that no seam
    shows; at the edges of the whole picture there are none."""
    rows = _fading(shape[0], at_start=part.top > 0, at_stop=part.bottom < 1)
    columns = _fading(shape[1], at_start=part.left > 0, at_stop=part.right < 1)
    return (np.outer(rows, columns) + 1e-3).astype(np.float32)


def _fading(size: int, *, at_start: bool, at_stop: bool) -> NDArray[np.float64]:
    weights = np.hanning(size + 2)[1:-1]
    if not at_start:
        weights[: size // 2] = 1
    if not at_stop:
        weights[size // 2 :] = 1
    return weights
