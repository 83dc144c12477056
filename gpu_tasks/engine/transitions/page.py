"""Turning a page: the outgoing picture rolls up around a slanted cylinder and is drawn off to the left."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.engine.transitions.base import transition
from gpu_tasks.engine.transitions.blending import BLACK, Colour, smooth, toward
from gpu_tasks.engine.transitions.box import Box, in_box
from gpu_tasks.engine.transitions.reveal import Masks, Times, by_tables, matched, mix_by, times_of, toward_by, window

_SLANT: Final = math.radians(16)
_RADIUS: Final = 0.12
"""Of the roll, as a share of the box's shorter side."""
_VIEW: Final = 3.0
"""How far shades reach around the fold, in radii."""
_PAPER: Final[Colour] = (226, 125, 131)
_PAPER_SHARE: Final = 0.78
_CELL_PX: Final = 5.0

Reach = Callable[[NDArray[np.float32], float], NDArray[np.float32]]
"""(distance beyond the fold, radius) → how much further along the page the point lies that is seen there."""


@dataclass(frozen=True, slots=True)
class _Fold:
    """The line where the page leaves the ground, `at_px` along the slanted direction from the box's centre.

    Beyond it the page winds around a cylinder of `radius_px` that lies on the ground; after half a turn it lies flat
    on its back. Seen from far above. `reach_px` is how far the corner lies along that direction.
    """

    at_px: float
    radius_px: float
    reach_px: float

    def columns(self, box: Box, low_px: float, high_px: float) -> tuple[int, int]:
        """Columns that take in what lies from `low_px` to `high_px` beyond the fold in any row.

        Their number is a multiple of an eighth of the box, so that buffers are shared by many frames.
        """
        lean = box.height / 2 * math.tan(_SLANT)
        left = (self.at_px + low_px) / math.cos(_SLANT) - lean + box.width / 2
        right = (self.at_px + high_px) / math.cos(_SLANT) + lean + box.width / 2
        left, right = max(left, 0.0), min(right, box.width)
        eighth = math.ceil(box.width / 16) * 2
        count = min(math.ceil(max(right - left + 2, 0) / eighth) * eighth, box.width)
        first = max(min(math.floor(left) // 2 * 2, (box.width - count) // 2 * 2), 0)
        return (first, min(first + count, box.width)) if right > left else (0, 0)

    def first_lifted_row(self, box: Box) -> int:
        """Above this (even) row the back hides the roll's front, as the page goes on there for half a turn or more.

        It ends sooner near the box's lower edge, and near the right one as long as the fold is close to that.
        """
        half_turn_px = math.pi * self.radius_px
        fold_at_top = (self.at_px + box.height / 2 * math.sin(_SLANT)) / math.cos(_SLANT)
        if box.width / 2 - fold_at_top < (half_turn_px + self.radius_px) * math.cos(_SLANT):
            return 0
        return max(0, math.floor(box.height - (half_turn_px + self.radius_px) * math.sin(_SLANT)) // 2 * 2)


@transition("page_turn", "The outgoing picture is turned over like a page, with its back and its shadow.")
@in_box
def page_turn(outgoing: Surface, incoming: Surface, progress: float, out: Surface, box: Box) -> None:
    fold = _fold(box, 0.75 * progress + 0.25 * smooth(progress))
    along = times_of(box, "along the page", lambda at, _: _along(at.x, at.y) / (2 * fold.reach_px) + 0.5, 0)
    near = window(box, along, fold.at_px / (2 * fold.reach_px) + 0.5, _share(fold, _VIEW), "near the fold")
    cast = by_tables(box, near, _table(box, "cast", _cast), "cast")
    ground = toward_by(box, incoming, BLACK, cast, box.surface("ground"))
    mix_by(box, ground, outgoing, _before(box, along, fold, 0, "still flat"), out)
    sheet = _sheet(box, outgoing)
    uncut = _before(box, along, fold, fold.radius_px, "before the roll's side")
    roll = by_tables(box, near, _table(box, "roll", _roll), "roll")
    lifted = _bent(box, sheet, fold, fold.columns(box, 0, fold.radius_px), _front, fold.first_lifted_row(box))
    if lifted is not None:
        _lay(box, _shaded(box, lifted, 0.0, roll, uncut), out)
    # The back reaches as far to the left as the corner of the page has come.
    turned_px = math.pi * fold.radius_px - (fold.reach_px - fold.at_px)
    back = _bent(box, sheet, fold, fold.columns(box, min(turned_px, 0), fold.radius_px), _back)
    if back is not None:
        finished = _shaded(box, back, _PAPER_SHARE, roll, uncut)
        _drop_shadow(box, finished, out)
        _lay(box, finished, out)


def _fold(box: Box, progress: float) -> _Fold:
    reach = box.width / 2 * math.cos(_SLANT) + box.height / 2 * math.sin(_SLANT)
    radius = _RADIUS * min(box.width, box.height)
    return _Fold(reach - (2 * reach + _VIEW * radius) * progress, radius, reach)


def _along(x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(x * math.cos(_SLANT) + y * math.sin(_SLANT), np.float32)


def _share(fold: _Fold, radii: float) -> float:
    """Radii as a share of the whole way along the page, which is the measure of its times."""
    return radii * fold.radius_px / (2 * fold.reach_px)


def _before(box: Box, along: Times, fold: _Fold, beyond_px: float, name: str) -> Masks:
    """255 up to `beyond_px` beyond the fold, antialiased over one pixel."""
    per_px = 255 * 2 * fold.reach_px
    masks = box.masks(name)
    for field, mask in matched((along.luma, along.chroma), masks):
        box.k.ramp(field, -per_px, 255 * (fold.at_px + beyond_px + fold.reach_px + 0.5), mask)
    return masks


def _table(box: Box, name: str, shade: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Plane:
    """A shade (0-1) of the distance beyond the fold in radii, for the window around the fold."""
    radii = np.linspace(-_VIEW, _VIEW, 256)
    return box.kept(f"shade {name}", lambda: box.k.upload(np.rint(255 * shade(radii)).astype(np.uint8)))


def _cast(radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """The shadow under the roll and beside it."""
    return 0.62 * np.interp(radii, [-0.1, 0.0, 1.0, _VIEW], [0.0, 1.0, 1.0, 0.0]) ** 2


def _roll(radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """The roll darkens towards its side, where it faces away from the light."""
    return np.interp(radii, [-1.5, -0.2, 0.3, 0.75, 1.0], [0.0, 0.06, 0.08, 0.34, 0.62])


def _front(beyond: NDArray[np.float32], radius: float) -> NDArray[np.float32]:
    sine = np.clip(beyond / radius, 0, 1)
    return np.asarray(radius * (np.arcsin(sine) - sine), np.float32)


def _back(beyond: NDArray[np.float32], radius: float) -> NDArray[np.float32]:
    sine = np.clip(beyond / radius, 0, 1)
    wound = radius * (math.pi - np.arcsin(sine)) - np.minimum(beyond, 0)
    return np.asarray(wound - np.minimum(beyond, radius), np.float32)


def _sheet(box: Box, picture: Surface) -> Surface:
    """The page with alpha, so that nothing lies beyond its edges."""
    if not picture.is_opaque:
        return picture
    luma, chroma = box.masks("whole")
    for mask in (luma, chroma):
        box.k.fill(mask, 255)
    return Surface(picture.y, picture.u, picture.v, picture.subsampling, luma, chroma)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A bent part of the page over the columns [left, right) of the box, from row `top` down."""

    surface: Surface
    left: int
    right: int
    top: int

    def part_of(self, whole: Surface) -> Surface:
        return whole.crop(self.left, self.top, self.right, whole.height)

    def part_of_masks(self, masks: Masks, subsampling: int) -> Masks:
        luma = masks[0][self.top :, self.left : self.right]
        if subsampling == 1:
            return luma, luma
        return luma, masks[1][self.top // 2 :, self.left // 2 : -(-self.right // 2)]


def _bent(box: Box, sheet: Surface, fold: _Fold, columns: tuple[int, int], reach: Reach, top: int = 0) -> _Piece | None:
    """What is seen of a side of the page in some columns from row `top` down; None where there are none."""
    left, right = columns
    width, height = right - left, box.height - top
    if width <= 0 or height <= 0:
        return None
    cell_px = max(1.0, _CELL_PX * box.unit_px)
    count_x, count_y = math.ceil(width / cell_px), math.ceil(height / cell_px)
    x = (np.arange(count_x, dtype=np.float32) + 0.5)[None, :] * (width / count_x) + left - box.width / 2
    y = (np.arange(count_y, dtype=np.float32) + 0.5)[:, None] * (height / count_y) + top - box.height / 2
    shift = reach(_along(x, y) - np.float32(fold.at_px), fold.radius_px)
    dx, dy = (shift * math.cos(_SLANT) + left).astype(np.float32), (shift * math.sin(_SLANT) + top).astype(np.float32)
    memory = box.kept(f"field of {width} × {height}", lambda: [None])
    memory[0] = box.k.field(dx, dy, (width, height), box.subsampling, memory[0])
    target = box.surface("bent", alpha=True).crop(0, 0, width, height)
    return _Piece(box.k.displace(sheet, memory[0], target, hold_edges=False), left, right, top)


def _shaded(box: Box, piece: _Piece, paper: float, roll: Masks, uncut: Masks) -> _Piece:
    """A piece as far as it shows as paper, in the light, and without what lies beyond the roll's side."""
    bent, pale, cut = piece.surface, *(box.surface(name, alpha=True) for name in ("pale", "cut"))
    pale, cut = (surface.crop(0, 0, bent.width, bent.height) for surface in (pale, cut))
    dark, kept = (piece.part_of_masks(masks, box.subsampling) for masks in (roll, uncut))
    lit = toward_by(box, toward(box, bent, _PAPER, paper, pale), BLACK, dark, bent)
    for index, (plane, target) in enumerate(zip(lit.every_plane(), cut.every_plane(), strict=True)):
        box.k.multiply(plane, kept[1 if index in (1, 2, 4) else 0], target)
    return _Piece(cut, piece.left, piece.right, piece.top)


def _drop_shadow(box: Box, piece: _Piece, out: Surface) -> None:
    """The turned page darkens what it hangs over, softly, a little beyond its edge."""
    below, shadows = piece.part_of(out), piece.part_of_masks(box.masks("shadow"), box.subsampling)
    blurred = piece.part_of_masks(box.masks("blurred"), box.subsampling)
    alphas = (piece.surface.alpha, piece.surface.alpha_c)
    for step, (alpha, mask) in enumerate(matched(alphas, blurred), start=1):
        if alpha is not None:
            box.k.gaussian(alpha, 14 * box.unit_px / step, hold_edges=True, out=mask)
    for mask, target in matched(blurred, shadows):
        box.k.fade(mask, 0.5, target)
    spare = box.surface("darkened").crop(0, 0, below.width, below.height)
    darkened = toward_by(box, below, BLACK, shadows, spare)
    for (plane, _, _), (target, _, _) in zip(darkened.planes(), below.planes(), strict=True):
        box.k.copy(plane, target)


def _lay(box: Box, piece: _Piece, out: Surface) -> None:
    """Lay a piece over what is there."""
    alphas = (piece.surface.alpha, piece.surface.alpha_c)
    below = piece.part_of(out).every_plane()
    for index, (plane, above) in enumerate(zip(below, piece.surface.every_plane(), strict=False)):
        alpha = alphas[1 if index in (1, 2, 4) else 0]
        if alpha is not None:
            box.k.over(plane, above, alpha)
