"""Rectangles of a picture that get replaced: by another part, by coarse cells, by a smear, by a wrong colour.

All work in place on crops of premultiplied surfaces and mix by an opacity, so that damage can set in gradually.
"""

from dataclasses import dataclass

from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.surface import Plane, Surface


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; `left` and `top` are even."""

    left: int
    top: int
    right: int
    bottom: int

    def of(self, picture: Surface) -> Surface:
        return picture.crop(self.left, self.top, self.right, self.bottom)

    def moved(self, x: int, y: int, picture: Surface) -> "Box":
        """The box moved by even distances as far as the picture reaches."""
        left = min(max(self.left + x, 0), (picture.width - self.right + self.left) // 2 * 2)
        top = min(max(self.top + y, 0), (picture.height - self.bottom + self.top) // 2 * 2)
        return Box(left, top, left + self.right - self.left, top + self.bottom - self.top)


def even(length_px: float) -> int:
    """To the nearest even number of pixels."""
    return round(length_px / 2) * 2


def box_at(left: float, top: float, width: float, height: float, picture: Surface) -> Box | None:
    """A box on even pixels within the picture, or None where nothing is left of it."""
    x, y = max(0, even(left)), max(0, even(top))
    right, bottom = min(x + max(2, even(width)), picture.width), min(y + max(2, even(height)), picture.height)
    return Box(x, y, right, bottom) if right > x and bottom > y else None


def replace(moment: Moment, target: Surface, source: Surface, opacity: float) -> None:
    """Mix a crop with another of its size."""
    for mine, theirs in zip(target.every_plane(), source.every_plane(), strict=True):
        moment.k.mix(mine, theirs, opacity, mine)


def coarsen(moment: Moment, target: Surface, cell_px: int, opacity: float) -> None:
    """Mix a crop with its own means over cells."""
    for index, plane in enumerate(target.every_plane()):
        coarsen_plane(moment, plane, cell_px / (target.subsampling if index in (1, 2, 4) else 1), opacity)


def coarsen_plane(moment: Moment, plane: Plane, cell: float, opacity: float) -> None:
    """The same for one plane, with cells of so many of its samples."""
    rows, columns = (max(1, min(round(length / cell), length)) for length in plane.shape)
    small = _room(moment, "cells", (rows, columns))
    _mix_enlarged(moment, plane, moment.k.shrink(plane, (columns, rows), small), opacity)


def smear(moment: Moment, target: Surface, opacity: float) -> None:
    """Mix a crop with its leftmost colours, drawn across it."""
    for plane in target.every_plane():
        column = _room(moment, "cells", (plane.shape[0], 1))
        _mix_enlarged(moment, plane, moment.k.copy(plane[:, :1], column), opacity)


def stain(moment: Moment, target: Surface, u: int, v: int, opacity: float) -> None:
    """Mix the colours of a crop with a wrong one; its luma stays."""
    for plane, value in ((target.u, u), (target.v, v)):
        moment.k.toward(plane, target.alpha_c, value, opacity, plane)


def _mix_enlarged(moment: Moment, plane: Plane, small: Plane, opacity: float) -> None:
    large = _room(moment, "large", plane.shape)
    moment.k.enlarge(small, (plane.shape[1], plane.shape[0]), smooth=False, out=large)
    moment.k.mix(plane, large, opacity, plane)


def _room(moment: Moment, name: str, shape: tuple[int, ...]) -> Plane:
    """A part of one buffer that grows by powers of two: boxes come in too many sizes to keep a buffer for each."""
    rows, columns = (1 << max(length - 1, 63).bit_length() for length in shape)
    return moment.scratch.plane(name, (rows, columns))[: shape[0], : shape[1]]
