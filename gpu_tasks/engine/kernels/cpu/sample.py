"""Resampling planes: affine warps, resizing, turning, and chroma siting."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.kernels.cpu.scale import scale
from gpu_tasks.engine.kernels.cpu.spare import spare
from gpu_tasks.engine.kernels.cpu.window import window
from gpu_tasks.engine.surface import Plane
from gpu_tasks.timeline.transforms import Affine, Projective

Edges = NDArray[np.intp]

_SAMPLE_POSITION = {1: (0.0, 0.0), 2: (0.0, 0.5)}
"""Luma index of chroma sample (0, 0) per subsampling: left-sited, vertically between two rows (H.264 table E-3)."""


def warp(plane: Plane, matrix: Affine, size: tuple[int, int], *, hold_edges: bool, out: Plane | None = None) -> Plane:
    """Resample bilinearly: `matrix` maps source to target in continuous coordinates, `size` is (width, height).

    Outside the source lies 0, or the nearest edge sample with `hold_edges`.
    """
    if matrix.is_translation:
        return _shift(plane, matrix.c, matrix.f, size, hold_edges=hold_edges, out=out)
    if matrix.is_upright and (scaled := scale(plane, matrix, size, hold_edges=hold_edges, out=out)) is not None:
        return scaled
    half = 0.5
    c = matrix.a * half + matrix.b * half + matrix.c - half
    f = matrix.d * half + matrix.e * half + matrix.f - half
    return cv2.warpAffine(
        plane,
        np.array([[matrix.a, matrix.b, c], [matrix.d, matrix.e, f]], np.float64),
        size,
        dst=out,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE if hold_edges else cv2.BORDER_CONSTANT,
        borderValue=0,
    )


def _shift(plane: Plane, x: float, y: float, size: tuple[int, int], *, hold_edges: bool, out: Plane | None) -> Plane:
    """A warp that only moves: two weighted sums of neighbours, several times cheaper than looking up every sample."""
    left, top = math.floor(-x), math.floor(-y)
    across, down = -x - left, -y - top
    if not across and not down:
        moved = np.empty(size[::-1], np.uint8) if out is None else out
        return window(plane, left, top, *size, hold_edges=hold_edges, out=moved)
    rows = size[1] + 1 if down else size[1]
    seen = window(plane, left, top, size[0] + 1, rows, hold_edges=hold_edges)
    here, right = seen[:, :-1], seen[:, 1:]
    if not down:
        return cv2.addWeighted(here, 1 - across, right, across, 0, dst=out)
    shape = (rows, size[0])
    moved = cv2.addWeighted(here, 1 - across, right, across, 0, dst=spare(shape, np.uint8, 0)) if across else here
    return cv2.addWeighted(moved[:-1], 1 - down, moved[1:], down, 0, dst=out)


def plane_matrix(matrix: Affine, subsampling: int) -> Affine:
    """The luma map `matrix` as it acts on a plane with this subsampling, siting taken into account."""
    if subsampling == 1:
        return matrix
    to_luma, to_chroma = _between(subsampling)
    return to_luma.then(matrix).then(to_chroma)


def _between(subsampling: int) -> tuple[Affine, Affine]:
    """Chroma to luma coordinates, and back."""
    x0, y0 = _SAMPLE_POSITION[subsampling]
    # Continuous chroma coordinate c ↔ luma coordinate s·(c − ½) + position + ½.
    to_luma = Affine(
        a=subsampling,
        e=subsampling,
        c=0.5 + x0 - subsampling * 0.5,
        f=0.5 + y0 - subsampling * 0.5,
    )
    to_chroma = Affine(a=1 / subsampling, e=1 / subsampling, c=-to_luma.c / subsampling, f=-to_luma.f / subsampling)
    return to_luma, to_chroma


def plane_projective(matrix: Projective, subsampling: int) -> Projective:
    """The luma map `matrix` as it acts on a plane with this subsampling, siting taken into account."""
    if subsampling == 1:
        return matrix
    to_luma, to_chroma = _between(subsampling)
    return Projective.of(to_luma).then(matrix).then(Projective.of(to_chroma))


def project(
    plane: Plane, matrix: Projective, size: tuple[int, int], *, hold_edges: bool, out: Plane, beyond: int = 0
) -> Plane:
    """Resample bilinearly through a perspective: `matrix` maps source to target in continuous coordinates.

    Outside the source lies `beyond`, or the nearest edge sample with `hold_edges`. What would lie behind the camera
    must have been left out of `size` by the caller.
    """
    rows = np.array(matrix.on_centres().rows, np.float64)
    border = cv2.BORDER_REPLICATE if hold_edges else cv2.BORDER_CONSTANT
    if rows[2, 0] == rows[2, 1] == 0:
        flat = rows[:2] / rows[2, 2]
        return cv2.warpAffine(plane, flat, size, dst=out, flags=cv2.INTER_LINEAR, borderMode=border, borderValue=beyond)
    return cv2.warpPerspective(
        plane, rows, size, dst=out, flags=cv2.INTER_LINEAR, borderMode=border, borderValue=beyond
    )


def shrink(plane: Plane, size: tuple[int, int], out: Plane | None = None) -> Plane:
    """Area mean at a smaller (width, height)."""
    return cv2.resize(plane, size, dst=out, interpolation=cv2.INTER_AREA)


def enlarge(plane: Plane, size: tuple[int, int], *, smooth: bool, out: Plane | None = None) -> Plane:
    """Linear interpolation at a larger (width, height), or, when not `smooth`, the sample that holds each centre."""
    return cv2.resize(plane, size, dst=out, interpolation=cv2.INTER_LINEAR if smooth else cv2.INTER_NEAREST_EXACT)


def mosaic(plane: Plane, edges_x: Edges, edges_y: Edges, out: Plane) -> Plane:
    """The mean of every cell of a grid, cells [edges_x[i], edges_x[i+1]) × [edges_y[j], edges_y[j+1])."""
    # Sums of a very large picture wrap around; differences of them do not care.
    sums = cv2.integral(plane, sum=spare((plane.shape[0] + 1, plane.shape[1] + 1), np.int32, 0))
    cells = np.diff(np.diff(sums[edges_y][:, edges_x], axis=0), axis=1)
    counts = (np.diff(edges_y)[:, None] * np.diff(edges_x)[None, :]).astype(np.int32)
    means = ((cells + counts // 2) // counts).astype(np.uint8)
    rows = np.repeat(np.arange(len(means)), np.diff(edges_y))
    return np.take(np.repeat(means, np.diff(edges_x), axis=1), rows, axis=0, out=out, mode="clip")


def flip(plane: Plane, horizontal: bool, vertical: bool) -> Plane:
    """Mirror left-right, top-bottom, or both."""
    if horizontal or vertical:
        return cv2.flip(plane, -1 if horizontal and vertical else 1 if horizontal else 0)
    return plane


def rotate(plane: Plane, degrees: int) -> Plane:
    """Turn clockwise by 90, 180 or 270 degrees."""
    turns = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
    return cv2.rotate(plane, turns[degrees]) if degrees else plane


def upsample(plane: Plane, size: tuple[int, int], out: Plane) -> Plane:
    """Left-sited 4:2:0 to 4:4:4 of `size` (width, height), linear between samples."""
    rows, columns = plane.shape
    width = size[0]
    between = spare((rows, columns), np.uint8, 0)
    between[:, -1] = plane[:, -1]
    if columns > 1:
        cv2.addWeighted(plane[:, :-1], 0.5, plane[:, 1:], 0.5, 0, dst=between[:, :-1])
    wide = cv2.merge([plane, between], dst=spare((rows, columns, 2), np.uint8, 0)).reshape(rows, -1)[:, :width]
    upper, lower = out[::2], out[1::2]
    upper[0] = wide[0]
    lower[rows - 1 :] = wide[-1]
    if rows > 1:
        cv2.addWeighted(wide[1:], 0.75, wide[:-1], 0.25, 0, dst=upper[1:])
        cv2.addWeighted(wide[:-1], 0.75, wide[1:], 0.25, 0, dst=lower[: rows - 1])
    return out


def subsample(plane: Plane, out: Plane | None = None) -> Plane:
    """4:4:4 to left-sited 4:2:0: [1 2 1]/4 across, the mean of two rows down."""
    height, width = plane.shape
    target = np.empty((-(-height // 2), -(-width // 2)), np.uint8) if out is None else out
    whole = height // 2
    if whole:
        _subsample_rows(plane[: 2 * whole], target[:whole])
    if height % 2:
        _subsample_rows(plane[2 * whole :], target[whole:])
    return target


def _subsample_rows(plane: Plane, out: Plane) -> None:
    """`plane` is an even number of rows, or a single one. [1 2 1]/4 is the mean of the pair of columns that ends on a
    sample and the pair that begins on it."""
    rows, width = out.shape[0], plane.shape[1]
    if width == 1:
        cv2.resize(plane, (1, rows), dst=out, interpolation=cv2.INTER_AREA)
        return
    begins = _means_of_pairs(plane[:, : width - width % 2], rows, 0)
    out[:, :1] = begins[:, :1]
    if width == 2:
        return
    ends = _means_of_pairs(plane[:, 1 : width - (width + 1) % 2], rows, 1)
    whole = begins.shape[1]
    if whole > 1:
        cv2.addWeighted(begins[:, 1:], 0.5, ends[:, : whole - 1], 0.5, 0, dst=out[:, 1:whole])
    out[:, whole:] = ends[:, whole - 1 :]


def _means_of_pairs(plane: Plane, rows: int, slot: int) -> Plane:
    size = (plane.shape[1] // 2, rows)
    return cv2.resize(plane, size, dst=spare(size[::-1], np.uint8, slot), interpolation=cv2.INTER_AREA)
