"""Resampling planes: affine warps, resizing, turning, and chroma siting."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.surface import Plane
from gpu_tasks.timeline.geometry import Affine, Projective

Edges = NDArray[np.intp]

_SAMPLE_POSITION = {1: (0.0, 0.0), 2: (0.0, 0.5)}
"""Luma index of chroma sample (0, 0) per subsampling: left-sited, vertically between two rows (H.264 table E-3)."""


def warp(plane: Plane, matrix: Affine, size: tuple[int, int], *, hold_edges: bool, out: Plane | None = None) -> Plane:
    """Resample bilinearly: `matrix` maps source to target in continuous coordinates, `size` is (width, height).

    Outside the source lies 0, or the nearest edge sample with `hold_edges`.
    """
    if matrix.is_translation:
        return _shift(plane, matrix.c, matrix.f, size, hold_edges=hold_edges, out=out)
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
    window = _window(plane, left, top, size[0] + 1, size[1] + 1, hold_edges=hold_edges)
    moved = cv2.addWeighted(window[:, :-1], 1 - across, window[:, 1:], across, 0) if across else window[:, :-1]
    if down:
        return cv2.addWeighted(moved[:-1], 1 - down, moved[1:], down, 0, dst=out)
    if out is None:
        return np.ascontiguousarray(moved[:-1])
    np.copyto(out, moved[:-1])
    return out


def _window(plane: Plane, left: int, top: int, width: int, height: int, *, hold_edges: bool) -> Plane:
    """A rectangle of a plane that may reach beyond it: 0 lies there, or the nearest edge sample with `hold_edges`."""
    right, bottom = left + width, top + height
    rows, columns = plane.shape
    inside = plane[_clamped(top, rows) : _clamped(bottom, rows), _clamped(left, columns) : _clamped(right, columns)]
    if inside.shape == (height, width):
        return inside
    if inside.size == 0 and not hold_edges:
        return np.zeros((height, width), np.uint8)
    if inside.size == 0:
        nearest_y, nearest_x = min(max(top, 0), rows - 1), min(max(left, 0), columns - 1)
        inside = plane[nearest_y : nearest_y + max(1, inside.shape[0]), nearest_x : nearest_x + max(1, inside.shape[1])]
    pad_top, pad_left = max(0, min(-top, height - inside.shape[0])), max(0, min(-left, width - inside.shape[1]))
    return cv2.copyMakeBorder(
        inside,
        pad_top,
        height - inside.shape[0] - pad_top,
        pad_left,
        width - inside.shape[1] - pad_left,
        cv2.BORDER_REPLICATE if hold_edges else cv2.BORDER_CONSTANT,
        value=0,
    )


def _clamped(index: int, length: int) -> int:
    return min(max(index, 0), length)


def plane_matrix(matrix: Affine, subsampling: int) -> Affine:
    """The luma map `matrix` as it acts on a plane with this subsampling, siting taken into account."""
    if subsampling == 1:
        return matrix
    x0, y0 = _SAMPLE_POSITION[subsampling]
    # Continuous chroma coordinate c ↔ luma coordinate s·(c − ½) + position + ½.
    to_luma = Affine(
        a=subsampling,
        e=subsampling,
        c=0.5 + x0 - subsampling * 0.5,
        f=0.5 + y0 - subsampling * 0.5,
    )
    to_chroma = Affine(a=1 / subsampling, e=1 / subsampling, c=-to_luma.c / subsampling, f=-to_luma.f / subsampling)
    return to_luma.then(matrix).then(to_chroma)


def project(plane: Plane, matrix: Projective, size: tuple[int, int], *, hold_edges: bool, out: Plane) -> Plane:
    """Resample bilinearly through a perspective: `matrix` maps source to target in continuous coordinates.

    What would lie behind the camera must have been left out of `size` by the caller.
    """
    return cv2.warpPerspective(
        plane,
        np.array(matrix.on_centres().rows, np.float64),
        size,
        dst=out,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE if hold_edges else cv2.BORDER_CONSTANT,
        borderValue=0,
    )


def shrink(plane: Plane, size: tuple[int, int], out: Plane | None = None) -> Plane:
    """Area mean at a smaller (width, height)."""
    return cv2.resize(plane, size, dst=out, interpolation=cv2.INTER_AREA)


def enlarge(plane: Plane, size: tuple[int, int], *, smooth: bool, out: Plane | None = None) -> Plane:
    """Linear interpolation at a larger (width, height), or the nearest sample when not `smooth`."""
    return cv2.resize(plane, size, dst=out, interpolation=cv2.INTER_LINEAR if smooth else cv2.INTER_NEAREST)


def mosaic(plane: Plane, edges_x: Edges, edges_y: Edges, out: Plane) -> Plane:
    """The mean of every cell of a grid, cells [edges_x[i], edges_x[i+1]) × [edges_y[j], edges_y[j+1])."""
    rows = np.add.reduceat(plane, edges_y[:-1], axis=0, dtype=np.int32)
    sums = np.add.reduceat(rows, edges_x[:-1], axis=1)
    counts = np.diff(edges_y)[:, None] * np.diff(edges_x)[None, :]
    means = ((sums + counts // 2) // counts).astype(np.uint8)
    np.copyto(out, np.repeat(np.repeat(means, np.diff(edges_y), axis=0), np.diff(edges_x), axis=1))
    return out


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
    to_luma = np.array([[2, 0, 0], [0, 2, 0.5]], np.float64)
    return cv2.warpAffine(plane, to_luma, size, dst=out, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def subsample(plane: Plane) -> Plane:
    """4:4:4 to left-sited 4:2:0: [1 2 1]/4 across, the mean of two rows down."""
    across = cv2.sepFilter2D(plane, cv2.CV_16S, np.array([1, 2, 1], np.float32), np.ones(1, np.float32))[:, ::2]
    if across.shape[0] % 2:
        across = np.vstack([across, across[-1:]])
    return ((across[::2] + across[1::2] + 4) >> 3).astype(np.uint8)
