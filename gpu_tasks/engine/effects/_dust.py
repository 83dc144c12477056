"""Dirt on film: specks, hairs and scratches as coverage masks, and how to stamp them on a plane."""

import numpy as np

from gpu_tasks.engine.effects._tone import Values, codes
from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.surface import Plane

Random = np.random.Generator


def speck(radius_px: float, opacity: float, random: Random) -> Plane:
    """An uneven blob."""
    half = int(np.ceil(1.6 * radius_px)) + 1
    y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float64)
    angle = np.arctan2(y, x)
    outline = np.ones_like(angle)
    for lobes in (2, 3, 5):
        outline += random.uniform(0, 0.5) / lobes * np.sin(lobes * angle + random.uniform(0, 2 * np.pi))
    return codes(255 * opacity * np.clip(radius_px * outline - np.hypot(x, y) + 0.5, 0, 1))


def hair(length_px: float, thickness_px: float, opacity: float, random: Random) -> Plane:
    """A bent fibre: a quadratic Bézier curve of even thickness."""
    ends = random.uniform(-0.5, 0.5, (3, 2)) * length_px
    t = np.linspace(0, 1, 64)[:, None]
    points = (1 - t) ** 2 * ends[0] + 2 * t * (1 - t) * 2 * ends[1] + t**2 * ends[2]
    low = points.min(axis=0) - thickness_px - 1
    columns, rows = np.ceil(points.max(axis=0) + thickness_px + 1 - low).astype(int)
    y, x = np.mgrid[:rows, :columns].astype(np.float64)
    across, down = x[..., None] + low[0] - points[:, 0], y[..., None] + low[1] - points[:, 1]
    distance = np.hypot(across, down).min(axis=-1)
    return codes(255 * opacity * np.clip(thickness_px / 2 - distance + 0.5, 0, 1) * min(1.0, thickness_px))


def scratch_line(height_px: int, thickness_px: float, opacity: float, random: Random) -> Plane:
    """A vertical scratch that comes and goes along its length."""
    width = int(np.ceil(2 * thickness_px)) + 2
    x = np.arange(width) + 0.5 - width / 2
    profile = np.clip(thickness_px / 2 - np.abs(x) + 0.5, 0, 1) * min(1.0, thickness_px)
    knots = random.uniform(0.15, 1, 14)
    along: Values = np.interp(np.linspace(0, 1, height_px), np.linspace(0, 1, len(knots)), knots)
    return codes(255 * opacity * along[:, None] * profile[None, :])


def stamp(plane: Plane, mask: Plane, left: int, top: int, value: int, moment: Moment) -> None:
    """Lay a code value over part of a plane of a straight or opaque surface, as far as the mask lies on it."""
    rows, columns = plane.shape
    bottom, right = min(rows, top + mask.shape[0]), min(columns, left + mask.shape[1])
    skip_y, skip_x = max(0, -top), max(0, -left)
    top, left = top + skip_y, left + skip_x
    if bottom <= top or right <= left:
        return
    part = plane[top:bottom, left:right]
    shown = mask[skip_y : skip_y + bottom - top, skip_x : skip_x + right - left]
    below = moment.k.copy(part, moment.scratch.plane("below", mask.shape)[: bottom - top, : right - left])
    moment.k.toward_by(below, None, value, shown, part)
