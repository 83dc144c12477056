"""A second, closer look at the people: the network sees 256×256 pixels of whatever it is shown, so it is shown parts.

A part without the context of the whole is sometimes misread (a torso without its head is nobody). So what the network
says about a part counts only as far as it agrees by and large with what it said about the whole picture.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from gpu_tasks.models.background_removal.planes import Plane, bounded_size, resized
from gpu_tasks.models.step import Rgb

WORKING_SIDE_PX = 512
_MARGIN = 0.15
# Shares of the picture: a box that comes near its edges is the picture, and one that moves less than this stays.
_NEARLY_ALL, _STAYS = 0.85, 0.08
_PART = 0.75
# Agreement, as intersection over union, at which a part begins to count and at which it counts in full.
_DOUBTED, _BELIEVED = 0.7, 0.9
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

    def differs(self, other: "Box") -> bool:
        """Whether an edge lies elsewhere by more than a small part of the picture."""
        pairs = zip(self.edges(), other.edges(), strict=True)
        return any(abs(own - its) > _STAYS for own, its in pairs)

    def edges(self) -> tuple[float, float, float, float]:
        return self.left, self.top, self.right, self.bottom


WHOLE = Box(0.0, 0.0, 1.0, 1.0)


class CloserLook:
    """Coverage by people in the frames of one clip. The box around them stays where it is while they stay inside, so
    that no frame is seen from elsewhere than the last one without need."""

    def __init__(self, coverage: Callable[[Rgb], Plane]) -> None:
        self._coverage = coverage
        self._box = WHOLE

    def coverage(self, rgb: Rgb) -> Plane:
        """0 to 1, stretched over `rgb`; its long side is 512. All zero where the whole picture shows nobody."""
        size = bounded_size(rgb.shape[1], rgb.shape[0], WORKING_SIDE_PX)
        whole = resized(self._coverage(rgb), size)
        if whole.max() < 0.5:
            return np.zeros_like(whole)
        self._keep_in_sight(box_around(whole))
        return self._blended(rgb, whole)

    def _keep_in_sight(self, people: Box) -> None:
        if people.differs(self._box):
            self._box = people

    def _blended(self, rgb: Rgb, whole: Plane) -> Plane:
        total, weights = _WHOLE_WEIGHT * whole, np.full_like(whole, _WHOLE_WEIGHT)
        for part in parts(self._box):
            here = part.pixels(whole.shape[1], whole.shape[0])
            if whole[here].max() < 0.5:
                continue
            shown = np.ascontiguousarray(rgb[part.pixels(rgb.shape[1], rgb.shape[0])])
            closer = resized(self._coverage(shown), (whole[here].shape[1], whole[here].shape[0]))
            weight = belief(closer, whole[here]) * _bump(closer.shape)
            total[here] += weight * closer
            weights[here] += weight
        return total / weights


def box_around(coverage: Plane) -> Box:
    """What is covered by half or more, with a margin; the whole picture where that is nearly all of it or nothing."""
    rows, columns = (np.flatnonzero((coverage >= 0.5).any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return WHOLE
    top, bottom = _with_margin(rows[0] / coverage.shape[0], (rows[-1] + 1) / coverage.shape[0])
    left, right = _with_margin(columns[0] / coverage.shape[1], (columns[-1] + 1) / coverage.shape[1])
    return Box(left, top, right, bottom)


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


def _with_margin(start: float, stop: float) -> tuple[float, float]:
    margin = _MARGIN * (stop - start)
    start, stop = max(0.0, start - margin), min(1.0, stop + margin)
    return (start, stop) if stop - start < _NEARLY_ALL else (0.0, 1.0)


def _span(start: float, stop: float, size: int) -> slice:
    first = min(size - 1, round(start * size))
    return slice(first, max(first + 1, round(stop * size)))


def _bump(shape: tuple[int, ...]) -> Plane:
    """A weight that is 1 in the middle of a part and falls to almost 0 at its edges, so that no seam shows."""
    rows, columns = (np.hanning(size + 2)[1:-1] for size in shape)
    return (np.outer(rows, columns) + 1e-3).astype(np.float32)
