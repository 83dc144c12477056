"""Painting one picture onto a surface: exact copies where nothing is resampled, warps where something is."""

import math
from collections.abc import Hashable
from dataclasses import dataclass, replace

from gpu_tasks.engine import sheets
from gpu_tasks.engine.blend import Blender
from gpu_tasks.engine.drawlist import Draw
from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.picture import Picture
from gpu_tasks.engine.project import projected_rect
from gpu_tasks.engine.resample import shrunk, warped
from gpu_tasks.engine.surface import Surface
from gpu_tasks.timeline.geometry import Placement, Rect
from gpu_tasks.timeline.transforms import Affine, Projective, translation

_WHOLE = 1e-4


@dataclass(frozen=True, slots=True)
class Placed:
    """A surface ready for `over` (or for copying when opaque) at an even corner of the target."""

    surface: Surface
    left: int
    top: int


class Painter:
    """Paints draws onto surfaces of one canvas size. Remembers, for each clip, its last placed picture."""

    def __init__(self, canvas: tuple[int, int], kernels: Kernels) -> None:
        self._canvas = canvas
        self._k = kernels
        self._blender = Blender(kernels)
        self._last: dict[int, tuple[Hashable, Placed | None]] = {}

    def paint(self, target: Surface, draw: Draw, picture: Picture, place: Placement, *, is_text: bool) -> None:
        """Draw `picture` over `target` in place."""
        if hides_canvas(draw, picture, place, self._canvas):
            matrix = picture.to_outline.then(sheets.zoom_of(draw, place)).then(draw.matrix)
            _warp_all_over(self._k, target, picture.surface, matrix)
            return
        placed = self._placed(draw, picture, place, target.subsampling, is_text=is_text)
        if placed is not None:
            self._lay(target, placed, draw.blend, draw.blend_amount)

    def lay(self, target: Surface, above: Surface, blend: str = "") -> None:
        """Lay a premultiplied surface of the canvas's size over `target`."""
        self._lay(target, Placed(above, 0, 0), blend, 1.0)

    @property
    def clips(self) -> set[int]:
        """The clips of which something is remembered."""
        return set(self._last)

    def keep_only(self, clips: set[int]) -> None:
        """Drop what is remembered of all other clips."""
        self._last = {clip: placed for clip, placed in self._last.items() if clip in clips}

    def _placed(
        self, draw: Draw, picture: Picture, place: Placement, subsampling: int, *, is_text: bool
    ) -> Placed | None:
        unblended = replace(draw, blend="", blend_amount=0.0)
        key = (picture.key, unblended.appearance)
        last = self._last.get(draw.clip)
        if last is not None and last[0] == key:
            return last[1]
        placed = self._place(draw, picture, place, subsampling, is_text=is_text)
        self._last[draw.clip] = (key, placed)
        return placed

    def _place(self, draw: Draw, picture: Picture, place: Placement, step: int, *, is_text: bool) -> Placed | None:
        k, surface, matrix = self._k, picture.surface, picture.to_outline
        if sheets.is_needed(draw, place):
            sheet = sheets.sheet_of(k, draw, picture, place, is_text=is_text)
            surface, matrix = sheet.surface, translation(sheet.left, sheet.top)
        if draw.opacity < 1:
            surface = sheets.faded(k, surface, draw.opacity)
        matrix = matrix.then(draw.matrix)
        if draw.tilt is None:
            placed = _placed_flat(k, surface, matrix, self._canvas, step)
        else:
            placed = _placed_tilted(k, surface, matrix, draw.tilt, self._canvas, step)
        return placed if placed is None or place.clip is None else _clipped(k, placed, place.clip)

    def _lay(self, target: Surface, placed: Placed, blend: str, amount: float) -> None:
        above = placed.surface
        area = target.crop(placed.left, placed.top, placed.left + above.width, placed.top + above.height)
        if blend:
            above = self._blender.blended(area, above, blend, amount)
        if above.is_opaque:
            _copy_opaque(self._k, area, above)
        else:
            sheets.lay(self._k, area, above)


def hides_canvas(draw: Draw, picture: Picture, place: Placement, canvas: tuple[int, int]) -> bool:
    """Whether the picture is opaque, plain, and takes in every pixel of the canvas."""
    if not (draw.is_bare and draw.opacity == 1 and picture.surface.is_opaque and place.is_plain):
        return False
    if not draw.matrix.is_upright:
        return False
    left, top, right, bottom = draw.matrix.bounds(place.width, place.height)
    return left <= _WHOLE and top <= _WHOLE and right >= canvas[0] - _WHOLE and bottom >= canvas[1] - _WHOLE


def _offset(matrix: Affine, step: int) -> tuple[int, int] | None:
    """The whole-sample translation that `matrix` is, or None; at 4:2:0 (`step` 2) it must be even."""
    if not matrix.is_translation:
        return None
    x, y = round(matrix.c), round(matrix.f)
    whole = abs(matrix.c - x) < _WHOLE and abs(matrix.f - y) < _WHOLE
    return (x, y) if whole and x % step == 0 and y % step == 0 else None


def _warp_all_over(k: Kernels, target: Surface, surface: Surface, matrix: Affine) -> None:
    """Fill the whole target from an opaque surface that encloses it."""
    offset = _offset(matrix, target.subsampling)
    if offset is not None:
        left, top = -offset[0], -offset[1]
        _copy_opaque(k, target, surface.crop(left, top, left + target.width, top + target.height))
        return
    surface, matrix = shrunk(k, surface, matrix)
    for (source, step, _), (out, _, _) in zip(surface.planes(), target.planes(), strict=True):
        size = (out.shape[1], out.shape[0])
        k.warp(source, k.plane_matrix(matrix, step), size, hold_edges=True, out=out)
    for plane in target.every_plane()[3:]:
        k.fill(plane, 255)


def _placed_flat(k: Kernels, surface: Surface, matrix: Affine, canvas: tuple[int, int], step: int) -> Placed | None:
    """The part of the picture that lies on the canvas, resampled if it must be; None when none does."""
    rect = _visible_rect(matrix.bounds(surface.width, surface.height), canvas, step)
    if rect is None:
        return None
    left, top, right, bottom = rect
    offset = _offset(matrix, step)
    if offset is not None:
        right, bottom = min(right, offset[0] + surface.width), min(bottom, offset[1] + surface.height)
        x, y = left - offset[0], top - offset[1]
        return Placed(surface.crop(x, y, x + right - left, y + bottom - top), left, top)
    surface, matrix = shrunk(k, surface, matrix)
    moved = matrix.then(translation(-left, -top))
    return Placed(warped(k, surface, moved, (right - left, bottom - top), hold_edges=False), left, top)


def _placed_tilted(
    k: Kernels, surface: Surface, matrix: Affine, tilt: Projective, canvas: tuple[int, int], step: int
) -> Placed | None:
    whole = Projective.of(matrix).then(tilt)
    shown = projected_rect(k, surface, whole, lambda bounds: _visible_rect(bounds, canvas, step))
    return None if shown is None else Placed(*shown)


def _visible_rect(bounds: Rect, canvas: tuple[int, int], step: int) -> tuple[int, int, int, int] | None:
    """Whole pixels around `bounds`, with an even corner, inside the canvas."""
    left = max(0, math.floor(bounds[0] + _WHOLE) // step * step)
    top = max(0, math.floor(bounds[1] + _WHOLE) // step * step)
    right = min(canvas[0], -(-math.ceil(bounds[2] - _WHOLE) // step) * step)
    bottom = min(canvas[1], -(-math.ceil(bounds[3] - _WHOLE) // step) * step)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _clipped(k: Kernels, placed: Placed, box: Rect) -> Placed:
    """What lies outside of a box on the canvas falls away."""
    left, top = placed.left, placed.top
    window = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
    surface = placed.surface
    if window[0] <= 0 and window[1] <= 0 and window[2] >= surface.width and window[3] >= surface.height:
        return placed
    return Placed(sheets.windowed(k, surface, window), left, top)


def _copy_opaque(k: Kernels, area: Surface, surface: Surface) -> None:
    for target, source in zip(area.every_plane()[:3], surface.every_plane(), strict=True):
        k.copy(source, target)
    for plane in area.every_plane()[3:]:
        k.fill(plane, 255)
