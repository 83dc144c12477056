"""The kernels on the CPU: OpenCV and numpy on uint8 planes. Each is held to its definition within 2/255.

Every function works on single planes or on premultiplied surfaces, and writes into `out` where it is given.
"""

import math
from functools import lru_cache

import cv2
import numpy as np

from gpu_tasks.engine.kernels.colour import RGB_TO_YUV_709
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.timeline.geometry import Affine

# One picture at a time: the machine's other cores belong to decoders and the encoder.
cv2.setNumThreads(1)

_SAMPLE_POSITION = {1: (0.0, 0.0), 2: (0.0, 0.5)}
"""Luma index of chroma sample (0, 0) per subsampling: left-sited, vertically between two rows (H.264 table E-3)."""


def over(below: Plane, above: Plane, alpha: Plane) -> None:
    """below = above + below · (1 − alpha), in place; `above` is premultiplied by `alpha`."""
    cv2.multiply(below, cv2.bitwise_not(alpha), dst=below, scale=1 / 255)
    cv2.add(below, above, dst=below)


def fade(plane: Plane, amount: float) -> Plane:
    """plane · amount, amount in [0, 1]: lowers the opacity of a premultiplied plane."""
    return cv2.convertScaleAbs(plane, alpha=amount)


def multiply(plane: Plane, mask: Plane, out: Plane | None = None) -> Plane:
    """plane · mask / 255."""
    return cv2.multiply(plane, mask, dst=out, scale=1 / 255)


def mix(first: Plane, second: Plane, amount: float, out: Plane | None = None) -> Plane:
    """first · (1 − amount) + second · amount."""
    return cv2.addWeighted(first, 1 - amount, second, amount, 0, dst=out)


def toward(plane: Plane, alpha: Plane | None, value: int, amount: float, out: Plane) -> Plane:
    """Mix a premultiplied plane with a constant code value under the same alpha (None = opaque)."""
    if alpha is None:
        return cv2.addWeighted(plane, 1 - amount, plane, 0, value * amount, dst=out)
    return cv2.addWeighted(plane, 1 - amount, alpha, value * amount / 255, 0, dst=out)


def divide(plane: Plane, alpha: Plane, out: Plane) -> Plane:
    """plane · 255 / alpha, 0 where alpha is 0: undoes premultiplication."""
    return cv2.divide(plane, alpha, dst=out, scale=255)


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


def shrink(plane: Plane, size: tuple[int, int]) -> Plane:
    """Area mean at a smaller (width, height)."""
    return cv2.resize(plane, size, interpolation=cv2.INTER_AREA)


def flip(plane: Plane, horizontal: bool, vertical: bool) -> Plane:
    """Mirror left-right, top-bottom, or both."""
    if horizontal or vertical:
        return cv2.flip(plane, -1 if horizontal and vertical else 1 if horizontal else 0)
    return plane


def rotate(plane: Plane, degrees: int) -> Plane:
    """Turn clockwise by 90, 180 or 270 degrees."""
    turns = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
    return cv2.rotate(plane, turns[degrees]) if degrees else plane


def subsample(plane: Plane) -> Plane:
    """4:4:4 to left-sited 4:2:0: [1 2 1]/4 across, the mean of two rows down."""
    across = cv2.sepFilter2D(plane, cv2.CV_16S, np.array([1, 2, 1], np.float32), np.ones(1, np.float32))[:, ::2]
    if across.shape[0] % 2:
        across = np.vstack([across, across[-1:]])
    return ((across[::2] + across[1::2] + 4) >> 3).astype(np.uint8)


def from_rgba(rgba: Plane, subsampling: int, *, opaque: bool) -> Surface:
    """Premultiplied 8-bit RGBA (height × width × 4) as a premultiplied surface. BT.709 (Rec. ITU-R BT.709-6, 3.5)."""
    yuv = cv2.transform(rgba, RGB_TO_YUV_709)
    y, u, v = (np.ascontiguousarray(yuv[:, :, i]) for i in range(3))
    alpha = None if opaque else np.ascontiguousarray(rgba[:, :, 3])
    if subsampling == 1:
        return Surface(y, u, v, 1, alpha, alpha)
    return Surface(y, subsample(u), subsample(v), 2, alpha, None if alpha is None else subsample(alpha))


def premultiply(rgba: Plane) -> Plane:
    """Straight RGBA to premultiplied RGBA."""
    alpha = np.ascontiguousarray(rgba[:, :, 3])
    weights = cv2.merge([alpha, alpha, alpha, np.full_like(alpha, 255)])
    return cv2.multiply(rgba, weights, scale=1 / 255)


def resize_rgba(rgba: Plane, width: int, height: int) -> Plane:
    """Resize a picture: area mean when it shrinks, bicubic when it grows."""
    if rgba.shape[1] == width and rgba.shape[0] == height:
        return rgba
    shrinks = width * height < rgba.shape[0] * rgba.shape[1]
    return cv2.resize(rgba, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)


@lru_cache(maxsize=32)
def rounded_mask(width: int, height: int, radius_px: float, subsampling: int) -> tuple[Plane, Plane]:
    """Coverage (0-255) of a rectangle with round corners at luma and chroma size, antialiased over one pixel."""
    x = np.arange(width, dtype=np.float32) + 0.5
    y = np.arange(height, dtype=np.float32) + 0.5
    dx = np.maximum(np.maximum(radius_px - x, x - (width - radius_px)), 0)
    dy = np.maximum(np.maximum(radius_px - y, y - (height - radius_px)), 0)
    distance = np.hypot(dx[None, :], dy[:, None])
    coverage = np.clip(radius_px - distance + 0.5, 0, 1)
    luma = np.rint(coverage * 255).astype(np.uint8)
    return luma, luma if subsampling == 1 else subsample(luma)


@lru_cache(maxsize=32)
def full_mask(width: int, height: int) -> Plane:
    """Coverage of everything: 255 all over. Shared: read only."""
    mask = np.full((height, width), 255, np.uint8)
    mask.flags.writeable = False
    return mask
