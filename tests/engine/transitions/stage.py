"""Small pictures to join, and the joining of them."""

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.kernels import Kernels, cpu
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Plane, Surface, blank
from gpu_tasks.engine.transitions import TRANSITIONS, Crossing, Rect

Size = tuple[int, int]
SIZE: Size = (96, 54)
KINDS = [(2, False), (2, True), (1, False), (1, True)]
"""Subsampling, and whether the pictures have alpha."""


class Poisoned:
    """The kernels of the CPU, whose fresh memory is full of one value."""

    def __init__(self, value: int) -> None:
        self._value = value

    def __getattr__(self, name: str) -> Any:
        return getattr(cpu, name)

    def empty(self, shape: tuple[int, ...]) -> Plane:
        return np.full(shape, self._value, np.uint8)


def kernels(poison: int = 0) -> Kernels:
    return cast(Kernels, Poisoned(poison))


def flat(
    y: int, u: int = 128, v: int = 128, size: Size = SIZE, subsampling: int = 2, *, alpha: bool = False
) -> Surface:
    surface = blank(*size, subsampling, alpha=alpha)
    surface.fill(y, u, v, 255)
    return surface


def picture(index: int, size: Size = SIZE, subsampling: int = 2, *, alpha: bool = False) -> Surface:
    """A smooth picture of hills in code values that differ between indices; its alpha is soft at the edges."""
    surface = blank(*size, subsampling, alpha=alpha)
    values = [(95, 60), (118, 30), (140, 25)] if index == 0 else [(150, 50), (135, 28), (112, 30)]
    for number, ((plane, _, _), plane_alpha, (middle, height)) in enumerate(
        zip(surface.planes(), surface.alphas(), values, strict=True)
    ):
        x, y = _share(plane)
        hills = np.sin(2 * np.pi * (x * (1.3 + index) + number / 3)) * np.cos(2 * np.pi * (y * 1.1 - index / 4))
        shown = np.ones_like(hills) if plane_alpha is None else _vignette(x, y, index)
        plane[...] = np.rint((middle + height * hills) * shown)
        if plane_alpha is not None:
            plane_alpha[...] = np.rint(255 * shown)
    return surface


def _share(plane: Plane) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    height, width = plane.shape
    x, y = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    return x, y


def _vignette(x: NDArray[np.float64], y: NDArray[np.float64], index: int) -> NDArray[np.float64]:
    edge = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y))
    return np.clip((edge - 0.05 * index) * 8, 0, 1)


def pictures(size: Size = SIZE, subsampling: int = 2, *, alpha: bool = False) -> tuple[Surface, Surface]:
    return picture(0, size, subsampling, alpha=alpha), picture(1, size, subsampling, alpha=alpha)


def joined(
    name: str,
    outgoing: Surface,
    incoming: Surface,
    progress: float,
    *,
    box: Rect | None = None,
    seed: int = 3,
    poison: int = 0,
    scratch: Scratch | None = None,
) -> Surface:
    """The joined picture, in a surface that was full of `poison`."""
    k = kernels(poison)
    out = blank(outgoing.width, outgoing.height, outgoing.subsampling, alpha=not outgoing.is_opaque)
    for plane in out.every_plane():
        plane.fill(poison)
    whole = (0, 0, outgoing.width, outgoing.height)
    crossing = Crossing(k, scratch or Scratch(k), whole if box is None else box, seed)
    TRANSITIONS[name].join(outgoing, incoming, progress, out, crossing)
    return out


def same(first: Surface, second: Surface) -> bool:
    planes = zip(first.every_plane(), second.every_plane(), strict=True)
    return all(np.array_equal(a, b) for a, b in planes)


def distance(first: Surface, second: Surface) -> float:
    """The mean difference of luma in code values."""
    return float(np.abs(first.y.astype(int) - second.y).mean())


def with_full_alpha(surface: Surface) -> Surface:
    luma, chroma = np.full_like(surface.y, 255), np.full_like(surface.u, 255)
    return Surface(
        surface.y, surface.u, surface.v, surface.subsampling, luma, luma if surface.subsampling == 1 else chroma
    )
