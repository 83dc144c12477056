"""The stage of most transitions: the box around both pictures, cut out of the canvas."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import numpy as np

from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.engine.transitions.base import Crossing, Rect, TransitionFunction

T = TypeVar("T")
_KEPT_BOXES = 2


@dataclass(frozen=True, slots=True)
class Box:
    """The box as a picture of its own: `width` × `height` pixels from its own corner (0, 0).

    `canvas` is the whole surface of which the box is a part: buffers are made at its size, so that a box which moves
    or grows takes no new memory.
    """

    k: Kernels
    scratch: Scratch
    width: int
    height: int
    canvas: Surface
    seed: int

    @property
    def subsampling(self) -> int:
        return self.canvas.subsampling

    @property
    def unit_px(self) -> float:
        """1/720 of the box's shorter side."""
        return min(self.width, self.height) / 720

    @property
    def centre(self) -> tuple[float, float]:
        return (self.width / 2, self.height / 2)

    def random(self, salt: int = 0) -> np.random.Generator:
        """The same random numbers at every progress of this transition."""
        return np.random.default_rng([self.seed, salt])

    def surface(self, name: str, *, alpha: bool | None = None) -> Surface:
        """A scratch surface of the box's size, its content undefined."""
        whole = self.scratch.surface(name, self.canvas, alpha=alpha)
        return whole.crop(0, 0, self.width, self.height)

    def masks(self, name: str) -> tuple[Plane, Plane]:
        """Scratch planes at luma and chroma size, their content undefined; one and the same at 4:4:4."""
        luma = self.scratch.plane(name, tuple(self.canvas.y.shape))[: self.height, : self.width]
        if self.subsampling == 1:
            return luma, luma
        rows, columns = -(-self.height // 2), -(-self.width // 2)
        return luma, self.scratch.plane(f"{name} of chroma", tuple(self.canvas.u.shape))[:rows, :columns]

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """The value of `make()`, which depends on the box's size and the seed alone; those of the last boxes stay."""
        entries: dict[tuple[Any, ...], T] = self.scratch.kept(("of a box", name), dict)
        key = (self.width, self.height, self.subsampling, self.seed)
        if key not in entries:
            if len(entries) >= _KEPT_BOXES:
                entries.pop(next(iter(entries)))
            entries[key] = make()
        return entries[key]


BoxFunction = Callable[[Surface, Surface, float, Surface, Box], None]
"""A transition of two pictures of the box's size, at a progress strictly between 0 and 1."""


def in_box(join: BoxFunction) -> TransitionFunction:
    """Let a look work on the box alone. Around it, where pictures have nothing, lies the plain mix of both."""

    @wraps(join)
    def whole(outgoing: Surface, incoming: Surface, progress: float, out: Surface, at: Crossing) -> None:
        if not 0 < progress < 1:
            copy(at.k, outgoing if progress <= 0 else incoming, out)
            return
        box = _even(at.box, out)
        for rect in _around(box, out):
            _mix(at.k, outgoing.crop(*rect), incoming.crop(*rect), progress, out.crop(*rect))
        width, height = box[2] - box[0], box[3] - box[1]
        if width > 0 and height > 0:
            inside = Box(at.k, at.scratch, width, height, out, at.seed)
            join(outgoing.crop(*box), incoming.crop(*box), progress, out.crop(*box), inside)

    return whole


def copy(k: Kernels, source: Surface, out: Surface) -> None:
    for plane, target in zip(source.every_plane(), out.every_plane(), strict=True):
        k.copy(plane, target)


def _mix(k: Kernels, first: Surface, second: Surface, amount: float, out: Surface) -> None:
    for a, b, target in zip(first.every_plane(), second.every_plane(), out.every_plane(), strict=True):
        k.mix(a, b, amount, target)


def _even(box: Rect, canvas: Surface) -> Rect:
    """The box on the canvas, grown to whole chroma samples; without area when it lies off the canvas."""
    step = canvas.subsampling
    left, top = max(0, box[0]) // step * step, max(0, box[1]) // step * step
    right = min(canvas.width, -(-box[2] // step) * step)
    bottom = min(canvas.height, -(-box[3] // step) * step)
    return (left, top, right, bottom) if left < right and top < bottom else (0, 0, 0, 0)


def _around(box: Rect, canvas: Surface) -> list[Rect]:
    """What of the canvas is not in the box, as rectangles with an area."""
    left, top, right, bottom = box
    strips = [
        (0, 0, canvas.width, top),
        (0, bottom, canvas.width, canvas.height),
        (0, top, left, bottom),
        (right, top, canvas.width, bottom),
    ]
    return [rect for rect in strips if rect[0] < rect[2] and rect[1] < rect[3]]
