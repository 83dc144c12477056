"""Blurs, noise-free: box and Gaussian means and mosaics against FFmpeg's `avgblur`, `gblur` and `pixelize`."""

from collections.abc import Iterator

import numpy as np

from benchmarks.verify.finding import Finding, Size, alike, inner
from benchmarks.verify.graph import Filter, filtered, frame_of, planes_of
from benchmarks.verify.pictures import natural, surface_of
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.surface import Plane

RADII_PX = (2, 5)
SIGMAS_PX = (2.0, 4.0, 10.0)
CELL_PX = 8


def findings(size: Size) -> Iterator[Finding]:
    size = (size[0] // CELL_PX * CELL_PX, size[1] // CELL_PX * CELL_PX)
    planes = surface_of(natural(size), 1).every_plane()
    for radius in RADII_PX:
        ours = [cpu.box(plane, radius, radius, hold_edges=True, out=np.empty_like(plane)) for plane in planes]
        theirs = _filtered(planes, ("avgblur", f"sizeX={radius}:sizeY={radius}"))
        yield alike(f"box blur, radius {radius} px", "FFmpeg avgblur", inner(ours, radius), inner(theirs, radius))
    for sigma in SIGMAS_PX:
        ours = [cpu.gaussian(plane, sigma, hold_edges=True, out=np.empty_like(plane)) for plane in planes]
        theirs = _filtered(planes, ("gblur", f"sigma={sigma}:steps=6"))
        margin = round(3 * sigma)
        yield alike(f"Gaussian blur, σ {sigma:g} px", "FFmpeg gblur", inner(ours, margin), inner(theirs, margin))
    yield _mosaic(planes)


def _mosaic(planes: list[Plane]) -> Finding:
    height, width = planes[0].shape
    edges_x, edges_y = np.arange(0, width + 1, CELL_PX), np.arange(0, height + 1, CELL_PX)
    ours = [cpu.mosaic(plane, edges_x, edges_y, np.empty_like(plane)) for plane in planes]
    theirs = _filtered(planes, ("pixelize", f"w={CELL_PX}:h={CELL_PX}:mode=avg"))
    return alike(f"mosaic, {CELL_PX} px", "FFmpeg pixelize", ours, theirs)


def _filtered(planes: list[Plane], chain: Filter) -> list[Plane]:
    return planes_of(filtered(frame_of(planes, "yuv444p"), chain))
