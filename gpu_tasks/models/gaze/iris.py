"""The exact centre of an iris: the disc that best parts dark from bright within the lids.

MediaPipe's own iris lags behind moves by 6–17 %. A model of two regions, each of one brightness, does not: of all discs
the one is sought that leaves the least squared error (Chan and Vese, "Active Contours Without Edges", IEEE Transactions
on Image Processing 2001, with the contour held to a circle). For two regions that is the largest variance between them.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.models.gaze.landmarks import Eye, Vector
from gpu_tasks.models.gaze.opening import Opening, opening_of
from gpu_tasks.models.step import Rgb

Patch = NDArray[np.float32]
Field = NDArray[np.floating[Any]]

_RADIUS_PX: Final = 10.0
"""The radius of the iris in the patch that is searched: every eye is brought to this size."""
_RADII: Final = (0.95, 1.05, 1.15, 1.25)
_MARGIN_PX: Final = 2
_LARGEST_STRAY: Final = 0.9
"""How far from MediaPipe's iris the disc may lie, in radii."""
_BRIGHTEST_PERCENT: Final = 95
"""Brighter pixels than this share count as bright as it: a catch-light in the iris must not part it."""
_LEAST_PIXELS: Final = 40.0
_LEAST_RADIUS_PX: Final = 2.0
_WIDEST: Final = 20.0
"""In radii: an eye that wide, or a smaller iris, is a mesh gone astray."""


@dataclass(frozen=True, slots=True)
class Iris:
    """`centre` in pixels of the picture; `contrast` of the disc with its surroundings, 0 (none) to 1."""

    centre: Vector
    contrast: float


def fit_iris(rgb: Rgb, eye: Eye, across: Vector) -> Iris:
    """Find the iris near where the mesh saw it. An eye without a visible iris has the contrast 0."""
    if eye.radius_px < _LEAST_RADIUS_PX or eye.width_px > _WIDEST * eye.radius_px:
        return Iris(eye.centre[:2], 0.0)
    opening = opening_of(eye, eye.centre[:2], across)
    scale = _RADIUS_PX / eye.radius_px
    left, top, width, height = _extent(opening, scale)
    mask = _mask(opening, scale, left, top, width, height)
    if mask.sum() < _LEAST_PIXELS:
        return Iris(eye.centre[:2], 0.0)
    patch = _clipped(_patch(rgb, opening, scale, left, top, width, height), mask)
    (x, y), contrast = _best_disc(patch, mask, (-left, -top))
    centre = opening.to_picture(np.asarray((x + left) / scale), np.asarray((y + top) / scale))
    return Iris(np.array(centre, np.float64), contrast)


def _extent(opening: Opening, scale: float) -> tuple[int, int, int, int]:
    lids = np.concatenate([opening.upper, opening.lower]) * scale
    left, top = np.floor(lids.min(axis=0)).astype(int) - _MARGIN_PX
    right, bottom = np.ceil(lids.max(axis=0)).astype(int) + _MARGIN_PX
    return int(left), int(top), int(right - left) + 1, int(bottom - top) + 1


def _mask(opening: Opening, scale: float, left: int, top: int, width: int, height: int) -> Patch:
    along = np.arange(left, left + width) / scale
    down = np.arange(top, top + height)[:, None]
    above = down - opening.upper_at(along) * scale
    below = opening.lower_at(along) * scale - down
    mask: Patch = (np.clip(above, 0, 1) * np.clip(below, 0, 1)).astype(np.float32)
    return mask


def _patch(rgb: Rgb, opening: Opening, scale: float, left: int, top: int, width: int, height: int) -> Patch:
    """The eye turned upright and brought to size; red and green, where iris and skin differ most."""
    along, down = opening.right / scale, opening.down / scale
    start = opening.origin + along * left + down * top
    matrix = np.column_stack([along, down, start])
    picture, matrix = _around(rgb, matrix, width, height)
    if scale < 1:
        picture = cv2.GaussianBlur(picture, None, 0.4 / scale)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    patch = cv2.warpAffine(picture, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    luma: Patch = patch[..., :2].astype(np.float32).mean(axis=2)
    return luma


def _around(rgb: Rgb, matrix: Vector, width: int, height: int) -> tuple[Rgb, Vector]:
    """Only the part of the picture that a patch is taken from: the rest need not be blurred."""
    ends = matrix[:, :2] @ np.array([[0, width, 0, width], [0, 0, height, height]]) + matrix[:, 2:]
    low = np.clip(np.floor(ends.min(axis=1)).astype(int) - 4, 0, np.array(rgb.shape[1::-1]) - 1)
    high = np.maximum(np.ceil(ends.max(axis=1)).astype(int) + 4, low + 1)
    part = np.ascontiguousarray(rgb[low[1] : high[1], low[0] : high[0]])
    moved = matrix.copy()
    moved[:, 2] -= low
    return part, moved


def _clipped(patch: Patch, mask: Patch) -> Patch:
    bright = np.percentile(patch[mask > 0.5], _BRIGHTEST_PERCENT) if (mask > 0.5).any() else 255.0
    return np.minimum(patch, np.float32(bright))


def _best_disc(patch: Patch, mask: Patch, near: tuple[float, float]) -> tuple[tuple[float, float], float]:
    """Where the variance between disc and surroundings is largest, to a fraction of a pixel, and their contrast."""
    best: tuple[float, tuple[float, float], float] = (-1.0, near, 0.0)
    allowed = _allowed(patch.shape, near)
    for share in _RADII:
        score, contrast = _scores(patch, mask, _disc(share * _RADIUS_PX))
        score = np.where(allowed, score, 0)
        row, column = np.unravel_index(int(score.argmax()), score.shape)
        if score[row, column] > best[0]:
            x, y = column + _vertex(score[row], int(column)), row + _vertex(score[:, column], int(row))
            best = float(score[row, column]), (float(x), float(y)), float(contrast[row, column])
    return best[1], best[2]


def _allowed(shape: tuple[int, ...], near: tuple[float, float]) -> NDArray[np.bool_]:
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    allowed: NDArray[np.bool_] = np.hypot(columns - near[0], rows - near[1]) <= _LARGEST_STRAY * _RADIUS_PX
    return allowed


def _scores(patch: Patch, mask: Patch, disc: Patch) -> tuple[Field, Field]:
    """For a disc around every pixel: its variance against the rest and their contrast; 0 where it is the brighter."""
    inside = _correlate(mask, disc)
    outside = mask.sum() - inside
    valid = (inside > _LEAST_PIXELS) & (outside > _LEAST_PIXELS)
    sums = _correlate(patch * mask, disc)
    dark = sums / np.maximum(inside, 1)
    bright = ((patch * mask).sum() - sums) / np.maximum(outside, 1)
    step = np.where(valid, np.maximum(bright - dark, 0), 0)
    return step**2 * inside * outside / mask.sum() ** 2, step / np.maximum(bright, 1)


def _correlate(patch: Patch, disc: Patch) -> Patch:
    result: Patch = cv2.filter2D(patch, cv2.CV_32F, disc, borderType=cv2.BORDER_CONSTANT)
    return result


@lru_cache(maxsize=8)
def _disc(radius: float) -> Patch:
    reach = int(np.ceil(radius)) + 1
    rows, columns = np.ogrid[-reach : reach + 1, -reach : reach + 1]
    disc: Patch = np.clip(radius + 0.5 - np.hypot(rows, columns), 0, 1).astype(np.float32)
    return disc


def _vertex(line: Field, at: int) -> float:
    """How far from `at` the parabola through it and its neighbours peaks: −0.5 to 0.5 pixels."""
    if not 0 < at < len(line) - 1:
        return 0.0
    before, here, after = (float(line[at + i]) for i in (-1, 0, 1))
    bend = before - 2 * here + after
    return float(np.clip((before - after) / (2 * bend), -0.5, 0.5)) if bend < 0 else 0.0
