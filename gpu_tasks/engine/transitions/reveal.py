"""Reveals: every pixel turns over at a time of its own, which a field of times (0-1) says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.engine.transitions.base import transition
from gpu_tasks.engine.transitions.blending import Colour, with_alpha_of
from gpu_tasks.engine.transitions.box import Box, in_box

T = TypeVar("T")
Grid = NDArray[np.float32]
Masks = tuple[Plane, Plane]
"""Shares 0-255 at luma and chroma size; the same plane twice at 4:4:4."""

_EVERY: Final = 3
"""Ranks of times are estimated from every third pixel of every third row."""


@dataclass(frozen=True, slots=True)
class Raster:
    """Centres of the samples of a plane in luma pixels from the centre of a box: `x` is 1 × w, `y` is h × 1.

    `half_width` and `half_height` are the box's, `unit_px` is 1/720 of its shorter side.
    """

    x: Grid
    y: Grid
    half_width: float
    half_height: float

    @property
    def unit_px(self) -> float:
        return min(self.half_width, self.half_height) / 360

    @property
    def reach_px(self) -> float:
        """From the centre to a corner."""
        return float(np.hypot(self.half_width, self.half_height))


@dataclass(frozen=True, slots=True)
class Times:
    """Fields of times, uploaded, and how long (in the same measure) a pixel takes to turn over."""

    luma: Any
    chroma: Any
    softness: float


TimesFunction = Callable[[Raster, Box], Grid]
"""Times from 0 to 1 for every sample of a raster, h × w float32."""


def raster(box: Box, subsampling: int) -> Raster:
    """Left-sited chroma: sample (i, j) lies at luma column 2i and between luma rows 2j and 2j + 1."""
    columns, rows = -(-box.width // subsampling), -(-box.height // subsampling)
    half_x, half_y = box.width / 2, box.height / 2
    x = np.arange(columns, dtype=np.float32)[None, :] * subsampling + 0.5 - half_x
    y = np.arange(rows, dtype=np.float32)[:, None] * subsampling + subsampling / 2 - half_y
    return Raster(x.astype(np.float32), y.astype(np.float32), half_x, half_y)


def times_of(box: Box, name: str, make: TimesFunction, softness: float, *, even: float | None = None) -> Times:
    """The fields of a box, made once; they lie within 0-1 whatever `make` returns.

    With `even`, they are stretched to that range, and retimed by so much (0-1) of the way to a steady rate. However
    small the picture, the softness of a field that runs from the centre to the corners is over a pixel.
    """

    def field(subsampling: int) -> Grid:
        grid = raster(box, subsampling)
        return np.broadcast_to(make(grid, box), (grid.y.shape[0], grid.x.shape[1]))

    def both() -> Times:
        luma = field(1)
        chroma = luma if box.subsampling == 1 else field(box.subsampling)
        if even is not None:
            retimed = _retiming(luma, even)
            luma, chroma = retimed(luma), retimed(chroma)
        first, second = (box.k.upload(np.clip(grid, 0, 1).astype(np.float32)) for grid in (luma, chroma))
        return Times(first, second, max(softness, floor))

    floor = min(1.5 / raster(box, 1).reach_px, 1.0)
    return box.kept(name, both)


def _retiming(times: Grid, even: float) -> Callable[[Grid], Grid]:
    """A map of times: all but the rarest are stretched to 0-1, and drawn towards their ranks by a share `even`."""
    ranks = np.linspace(0, 1, 65)
    sample = times[::_EVERY, ::_EVERY]
    values = np.quantile(sample, ranks)
    low, high = np.quantile(sample, (0.005, 0.995))
    stretched = (values - low) / max(float(high - low), 1e-6)
    retimed = stretched * (1 - even) + ranks * even
    return lambda grid: np.asarray(np.interp(grid, values, retimed), np.float32)


def turned(box: Box, times: Times, progress: float, name: str = "turned", *, smooth: bool = False) -> Masks:
    """How far every pixel has turned over. `smooth` blurs away the steps of fields that jump."""
    slope = 255 / max(times.softness, 1e-4)
    offset = slope * progress * (1 + times.softness)
    masks = box.masks(name)
    sharp = box.masks(f"{name}, unsmoothed") if smooth else masks
    for field, mask in matched((times.luma, times.chroma), sharp):
        box.k.ramp(field, -slope, offset, mask)
    if smooth:
        for mask, target in matched(sharp, masks):
            box.k.gaussian(mask, 0.65, hold_edges=True, out=target)
    return masks


def matched(sources: tuple[T, T], masks: Masks) -> list[tuple[T, Plane]]:
    """What belongs to each mask, once where luma and chroma share one (4:4:4)."""
    pairs = list(zip(sources, masks, strict=True))
    return pairs[:1] if masks[0] is masks[1] else pairs


def window(box: Box, times: Times, centre: float, reach: float, name: str) -> Masks:
    """Times as code values: 0 at `centre` − reach, 255 at `centre` + reach. Tables make bands and rims out of it."""
    slope = 127.5 / reach
    masks = box.masks(name)
    for field, mask in matched((times.luma, times.chroma), masks):
        box.k.ramp(field, slope, 127.5 - slope * centre, mask)
    return masks


def by_tables(box: Box, masks: Masks, table: Plane, name: str) -> Masks:
    """Both masks through a table of 256 values."""
    results = box.masks(name)
    for mask, result in matched(masks, results):
        box.k.lut(mask, table, result)
    return results


def mix_by(box: Box, first: Surface, second: Surface, masks: Masks, out: Surface) -> None:
    """Every plane of `first` where the masks are 0, of `second` where they are 255."""
    planes = zip(first.every_plane(), second.every_plane(), out.every_plane(), strict=True)
    for index, (a, b, target) in enumerate(planes):
        box.k.mix_by(a, b, masks[1 if index in (1, 2, 4) else 0], target)


def toward_by(box: Box, surface: Surface, colour: Colour, masks: Masks, out: Surface) -> Surface:
    """`surface` tinted with a colour (code values) by the masks: new colour planes in `out`, and its own alpha."""
    chosen = (masks[0], masks[1], masks[1])
    planes = zip(surface.planes(), surface.alphas(), out.planes(), colour, chosen, strict=True)
    for (plane, _, _), alpha, (target, _, _), value, mask in planes:
        box.k.toward_by(plane, alpha, value, mask, target)
    return with_alpha_of(surface, out)


def reveal(
    name: str, look: str, softness: float, *, smooth: bool = False, even: float | None = None
) -> Callable[[TimesFunction], TimesFunction]:
    """Register a transition that shows the incoming picture where its times have come (`times_of`, `turned`)."""

    def register(make: TimesFunction) -> TimesFunction:
        def join(outgoing: Surface, incoming: Surface, progress: float, out: Surface, box: Box) -> None:
            times = times_of(box, name, make, softness, even=even)
            mix_by(box, outgoing, incoming, turned(box, times, progress, smooth=smooth), out)

        transition(name, look)(in_box(join))
        return make

    return register
