"""Moves one iris along its eye, within the lids.

The flow follows the lids: what lies at the edge of a lid is taken from the edge of the same lid in another column, so
that no skin is dragged into the eye and lid shadows stay where they are. Where little white is left behind the iris,
too little to be stretched, the white of the other side is taken, mirrored. Where nothing moves, nothing is resampled.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.models.gaze.columns import ColumnMap, column_map
from gpu_tasks.models.gaze.opening import Opening
from gpu_tasks.models.gaze.ramps import Field, ramp, soft
from gpu_tasks.models.step import Rect, Rgb

Plane = NDArray[np.float32]

_FEATHER: Final = 0.15
"""In D: how far the change reaches over the edge of the lids."""
_LID_REACH: Final = 0.4
_LID_LIMIT: Final = 0.15
"""Shares of the opening: how deep a lid's bend reaches into the eye, and how much of it at most."""
_STRETCH: Final = (0.75, 0.4)
"""Old lengths to new ones: white that is stretched less is kept, white that is stretched more is replaced."""
_RIM: Final = (1.0, 1.2)
"""In radii: where the iris ends and the white behind it begins."""
_FILL: Final = 0.8
_CLEARANCE: Final = 0.15
"""In radii: how much further off white is taken, lest the rim of an iris comes along that was not found exactly."""
_CORNER: Final = 1.4
"""In radii: so far from its corner an eye keeps its own colours."""
_FULL_CHANGE_PX: Final = 0.25
_CROP_MARGIN_PX: Final = 4
LEAST_SHIFT_PX: Final = 0.05
"""A smaller move is none: it would only blur."""


def move_iris(rgb: Rgb, opening: Opening, radius_px: float, shift_px: float) -> Rect | None:
    """Move the iris at the opening's origin by `shift_px` along the eye, in place.

    Returns the box outside of which no pixel was touched, or None when nothing was done.
    """
    box = _box(opening, radius_px, rgb.shape)
    if box is None or abs(shift_px) < LEAST_SHIFT_PX:
        return None
    left, top, width, height = box
    y, x = np.mgrid[top : top + height, left : left + width].astype(np.float64)
    along, down = opening.from_picture(x, y)
    columns = column_map(shift_px, radius_px, opening.corners)
    source, weight = _flow(opening, columns, along, down, _FEATHER * 2 * radius_px)
    mirrored = _mirrored(opening, along, down, radius_px, shift_px)
    scarce = _scarce(columns, along, down, radius_px, shift_px)
    _blend(rgb, box, opening.to_picture(*source), opening.to_picture(*mirrored), scarce, weight)
    return box


def _box(opening: Opening, radius_px: float, shape: tuple[int, ...]) -> Rect | None:
    lids = np.concatenate([opening.upper, opening.lower])
    x, y = opening.to_picture(lids[:, 0], lids[:, 1])
    reach = _FEATHER * 2 * radius_px + 1
    left, top = max(0, int(x.min() - reach)), max(0, int(y.min() - reach))
    right, bottom = min(shape[1], int(x.max() + reach) + 2), min(shape[0], int(y.max() + reach) + 2)
    return (left, top, right - left, bottom - top) if right > left and bottom > top else None


def _flow(
    opening: Opening, columns: ColumnMap, along: Field, down: Field, feather_px: float
) -> tuple[tuple[Field, Field], Field]:
    """Where each pixel is taken from (along, down), and how much of it is taken (0 to 1)."""
    source = columns(along)
    upper, lower = opening.upper_at(along), opening.lower_at(along)
    gap = np.maximum(lower - upper, 1e-6)
    depth = (down - upper) / gap
    limit = _LID_LIMIT * gap
    rise = np.clip(opening.upper_at(source) - upper, -limit, limit) * _near(depth)
    fall = np.clip(opening.lower_at(source) - lower, -limit, limit) * _near(1 - depth)
    moved = np.hypot(source - along, rise + fall)
    edge = soft(1 + (down - upper) / feather_px) * soft(1 + (lower - down) / feather_px)
    inside = (along > opening.corners[0]) & (along < opening.corners[1])
    return (source, down + rise + fall), edge * inside * np.minimum(moved / _FULL_CHANGE_PX, 1)


def _mirrored(opening: Opening, along: Field, down: Field, radius_px: float, shift_px: float) -> tuple[Field, Field]:
    """The place across the iris that lies a little further from it, and as deep between the lids."""
    upper, lower = opening.upper_at(along), opening.lower_at(along)
    depth = (down - upper) / np.maximum(lower - upper, 1e-6)
    across = shift_px - along + np.sign(shift_px) * _CLEARANCE * radius_px
    there = opening.upper_at(across)
    return across, there + np.clip(depth, 0, 1) * (opening.lower_at(across) - there)


def _scarce(columns: ColumnMap, along: Field, down: Field, radius_px: float, shift_px: float) -> Field:
    """How much of the white of a place must come from the other side: 0 to 1."""
    end, share = columns.stretched()
    direction = np.sign(end - shift_px)
    behind, far = (along - shift_px) * direction, np.hypot(along - shift_px, down)
    rim = (far / radius_px - _RIM[0]) / (_RIM[1] - _RIM[0])
    corner = ((end - shift_px) * direction - behind) / (_CORNER * radius_px)
    wanted = ramp(share, *_STRETCH)
    return np.asarray(_FILL * wanted * soft(rim) * soft(corner) * (behind > 0))


def _near(depth: Field) -> Field:
    """1 at a lid and beyond it, falling to 0 at the depth that a lid's bend reaches to."""
    return np.asarray(np.clip(1 - np.maximum(depth, 0) / _LID_REACH, 0, 1) ** 2)


def _blend(
    rgb: Rgb, box: Rect, source: tuple[Field, Field], other: tuple[Field, Field], scarce: Field, weight: Field
) -> None:
    left, top, width, height = box
    x0, y0 = max(0, left - _CROP_MARGIN_PX), max(0, top - _CROP_MARGIN_PX)
    crop = rgb[y0 : top + height + _CROP_MARGIN_PX, x0 : left + width + _CROP_MARGIN_PX].astype(np.float32)
    new = _sampled(crop, source, (x0, y0))
    new += scarce[..., None].astype(np.float32) * (_sampled(crop, other, (x0, y0)) - new)
    old = crop[top - y0 : top - y0 + height, left - x0 : left - x0 + width]
    mixed = old + weight[..., None].astype(np.float32) * (new - old)
    rgb[top : top + height, left : left + width] = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)


def _sampled(crop: Plane, places: tuple[Field, Field], start: tuple[int, int]) -> Plane:
    x, y = ((field - first).astype(np.float32) for field, first in zip(places, start, strict=True))
    picture: Plane = cv2.remap(crop, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return picture
