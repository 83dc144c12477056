"""Painting one picture onto a surface: exact copies where nothing is resampled, warps where something is."""

import math
from collections.abc import Hashable
from dataclasses import dataclass

from gpu_tasks.engine.drawlist import Draw
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.picture import IDENTITY, Picture
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.timeline.geometry import Affine, Placement, scaling, translation

_WHOLE = 1e-4


@dataclass(frozen=True, slots=True)
class Placed:
    """A surface ready for `over` (or for copying when opaque) at an even corner of the target."""

    surface: Surface
    left: int
    top: int


class Painter:
    """Paints draws onto surfaces of one canvas size. Remembers, for each clip, its last placed picture."""

    def __init__(self, canvas: tuple[int, int]) -> None:
        self._canvas = canvas
        self._last: dict[int, tuple[Hashable, Placed | None]] = {}

    def paint(self, target: Surface, draw: Draw, picture: Picture, place: Placement) -> None:
        """Draw `picture` over `target` in place."""
        matrix = _to_canvas(draw, picture, place)
        plain = picture.surface.is_opaque and draw.opacity == 1 and place.radius_px == 0
        if plain and encloses(draw.matrix, place, self._canvas):
            _warp_all_over(target, picture.surface, matrix)
            return
        placed = self._placed(draw, picture, place, matrix, target.subsampling)
        if placed is not None:
            _lay(target, placed)

    def lay(self, target: Surface, above: Surface) -> None:
        """Lay a premultiplied surface of the canvas's size over `target`."""
        _lay(target, Placed(above, 0, 0))

    @property
    def clips(self) -> set[int]:
        """The clips of which something is remembered."""
        return set(self._last)

    def keep_only(self, clips: set[int]) -> None:
        """Drop what is remembered of all other clips."""
        self._last = {clip: placed for clip, placed in self._last.items() if clip in clips}

    def _placed(
        self, draw: Draw, picture: Picture, place: Placement, matrix: Affine, subsampling: int
    ) -> Placed | None:
        key = (picture.key, matrix, draw.opacity, draw.zoom)
        last = self._last.get(draw.clip)
        if last is not None and last[0] == key:
            return last[1]
        placed = self._place(draw, picture, place, matrix, subsampling)
        self._last[draw.clip] = (key, placed)
        return placed

    def _place(self, draw: Draw, picture: Picture, place: Placement, matrix: Affine, subsampling: int) -> Placed | None:
        surface = picture.surface
        if draw.zoom != 1 or place.radius_px:
            # The outline (its edges and round corners) stays while the content zooms inside it.
            surface = _outlined(surface, picture.to_outline.then(_zoom(draw, place)), place)
            matrix = draw.matrix
        if draw.opacity < 1:
            surface = _faded(surface, draw.opacity)
        return _placed(surface, matrix, self._canvas, subsampling)


def _to_canvas(draw: Draw, picture: Picture, place: Placement) -> Affine:
    return picture.to_outline.then(_zoom(draw, place)).then(draw.matrix)


def _zoom(draw: Draw, place: Placement) -> Affine:
    if draw.zoom == 1:
        return IDENTITY
    return scaling(draw.zoom, draw.zoom, about=(place.width / 2, place.height / 2))


def encloses(matrix: Affine, place: Placement, canvas: tuple[int, int]) -> bool:
    """Whether a picture's upright outline takes in every pixel of the canvas."""
    if not matrix.is_upright:
        return False
    left, top, right, bottom = matrix.bounds(place.width, place.height)
    return left <= _WHOLE and top <= _WHOLE and right >= canvas[0] - _WHOLE and bottom >= canvas[1] - _WHOLE


def _offset(matrix: Affine, step: int) -> tuple[int, int] | None:
    """The whole-sample translation that `matrix` is, or None; at 4:2:0 (`step` 2) it must be even."""
    if not matrix.is_translation:
        return None
    x, y = round(matrix.c), round(matrix.f)
    whole = abs(matrix.c - x) < _WHOLE and abs(matrix.f - y) < _WHOLE
    return (x, y) if whole and x % step == 0 and y % step == 0 else None


def _warp_all_over(target: Surface, surface: Surface, matrix: Affine) -> None:
    """Fill the whole target from an opaque surface that encloses it."""
    offset = _offset(matrix, target.subsampling)
    if offset is not None:
        left, top = -offset[0], -offset[1]
        _copy_opaque(target, surface.crop(left, top, left + target.width, top + target.height))
        return
    surface, matrix = _shrunk(surface, matrix)
    for (source, step, _), (out, _, _) in zip(surface.planes(), target.planes(), strict=True):
        size = (out.shape[1], out.shape[0])
        cpu.warp(source, cpu.plane_matrix(matrix, step), size, hold_edges=True, out=out)
    for plane in target.every_plane()[3:]:
        plane.fill(255)


def _outlined(surface: Surface, matrix: Affine, place: Placement) -> Surface:
    """The content as it shows inside its outline, at the outline's size, corners rounded."""
    size = (place.width, place.height)
    if not (matrix == IDENTITY and (surface.width, surface.height) == size):
        surface = _warped(surface, matrix, (0, 0, *size), hold_edges=surface.is_opaque)
    if not place.radius_px:
        return surface
    return _masked(surface, cpu.rounded_mask(*size, place.radius_px, surface.subsampling))


def _masked(surface: Surface, mask: tuple[Plane, Plane]) -> Surface:
    luma, chroma = mask
    alpha = luma if surface.alpha is None else cpu.multiply(surface.alpha, luma)
    alpha_c = chroma if surface.alpha_c is None else cpu.multiply(surface.alpha_c, chroma)
    y, u, v = cpu.multiply(surface.y, luma), cpu.multiply(surface.u, chroma), cpu.multiply(surface.v, chroma)
    return Surface(y, u, v, surface.subsampling, alpha, alpha_c)


def _faded(surface: Surface, opacity: float) -> Surface:
    y, u, v, alpha, alpha_c = (
        cpu.fade(plane, opacity) for plane in (surface.y, surface.u, surface.v, *_coverage(surface))
    )
    return Surface(y, u, v, surface.subsampling, alpha, alpha_c)


def _coverage(surface: Surface) -> tuple[Plane, Plane]:
    if surface.alpha is not None and surface.alpha_c is not None:
        return surface.alpha, surface.alpha_c
    height, width = surface.u.shape
    return cpu.full_mask(surface.width, surface.height), cpu.full_mask(width, height)


def _placed(surface: Surface, matrix: Affine, canvas: tuple[int, int], step: int) -> Placed | None:
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
    surface, matrix = _shrunk(surface, matrix)
    moved = matrix.then(translation(-left, -top))
    return Placed(_warped(surface, moved, (0, 0, right - left, bottom - top), hold_edges=False), left, top)


def _visible_rect(
    bounds: tuple[float, float, float, float], canvas: tuple[int, int], step: int
) -> tuple[int, int, int, int] | None:
    """Whole pixels around `bounds`, with an even corner, inside the canvas."""
    left = max(0, math.floor(bounds[0] + _WHOLE) // step * step)
    top = max(0, math.floor(bounds[1] + _WHOLE) // step * step)
    right = min(canvas[0], -(-math.ceil(bounds[2] - _WHOLE) // step) * step)
    bottom = min(canvas[1], -(-math.ceil(bounds[3] - _WHOLE) // step) * step)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _warped(surface: Surface, matrix: Affine, rect: tuple[int, int, int, int], *, hold_edges: bool) -> Surface:
    """Resample into a new surface of the rectangle's size; opaque only when its edges are held."""
    width, height = rect[2], rect[3]
    step = surface.subsampling
    luma, chroma = (width, height), (-(-width // step), -(-height // step))
    in_chroma = cpu.plane_matrix(matrix, step)

    def luma_plane(plane: Plane) -> Plane:
        return cpu.warp(plane, matrix, luma, hold_edges=hold_edges)

    def chroma_plane(plane: Plane) -> Plane:
        return cpu.warp(plane, in_chroma, chroma, hold_edges=hold_edges)

    y, u, v = luma_plane(surface.y), chroma_plane(surface.u), chroma_plane(surface.v)
    if surface.is_opaque and hold_edges:
        return Surface(y, u, v, step)
    alpha, alpha_c = _coverage(surface)
    warped = luma_plane(alpha)
    return Surface(y, u, v, step, warped, warped if step == 1 else chroma_plane(alpha_c))


def _shrunk(surface: Surface, matrix: Affine) -> tuple[Surface, Affine]:
    """Halve the picture as long as it is shown at less than half its size: bilinear warps skip samples there."""
    while min(surface.width, surface.height) >= 4 and _stretch(matrix) < 0.5:
        half = _halved(surface)
        matrix = Affine(a=surface.width / half.width, e=surface.height / half.height).then(matrix)
        surface = half
    return surface, matrix


def _halved(surface: Surface) -> Surface:
    step = surface.subsampling
    luma = (surface.width // 2, surface.height // 2)
    chroma = (-(-luma[0] // step), -(-luma[1] // step))
    y, u, v = cpu.shrink(surface.y, luma), cpu.shrink(surface.u, chroma), cpu.shrink(surface.v, chroma)
    if surface.alpha is None or surface.alpha_c is None:
        return Surface(y, u, v, step)
    alpha = cpu.shrink(surface.alpha, luma)
    return Surface(y, u, v, step, alpha, alpha if step == 1 else cpu.shrink(surface.alpha_c, chroma))


def _stretch(matrix: Affine) -> float:
    """The larger of the two axes' magnifications."""
    return max(math.hypot(matrix.a, matrix.d), math.hypot(matrix.b, matrix.e))


def _lay(target: Surface, placed: Placed) -> None:
    surface = placed.surface
    area = target.crop(placed.left, placed.top, placed.left + surface.width, placed.top + surface.height)
    if surface.is_opaque:
        _copy_opaque(area, surface)
        return
    for (below, _, _), (above, _, _), alpha in zip(area.planes(), surface.planes(), surface.alphas(), strict=True):
        assert alpha is not None
        cpu.over(below, above, alpha)
    if area.alpha is not None and surface.alpha is not None:
        cpu.over(area.alpha, surface.alpha, surface.alpha)
    if area.alpha_c is not None and area.alpha_c is not area.alpha and surface.alpha_c is not None:
        cpu.over(area.alpha_c, surface.alpha_c, surface.alpha_c)


def _copy_opaque(area: Surface, surface: Surface) -> None:
    for target, source in zip(area.every_plane()[:3], surface.every_plane(), strict=True):
        target[...] = source
    for plane in area.every_plane()[3:]:
        plane.fill(255)
