"""What happens to a picture inside its own outline, before it is placed: zoom, round corners, border, reveal, blur.

A sheet's pixels are those of the outline, moved: `left`, `top` say where its corner lies in the outline.
"""

import math
from dataclasses import dataclass

from gpu_tasks.engine.drawlist import Draw
from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.kernels.colour import yuv_of
from gpu_tasks.engine.motions.base import WHOLE
from gpu_tasks.engine.picture import IDENTITY, Picture
from gpu_tasks.engine.resample import coverage, warped
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.timeline.finish import Border, Shadow
from gpu_tasks.timeline.geometry import Placement, Rect
from gpu_tasks.timeline.transforms import Affine, scaling, translation
from gpu_tasks.timeline.values import Rgba

BLUR_REACH_SIGMAS = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A surface in outline pixels, its corner at (left, top) of the outline; both even."""

    surface: Surface
    left: int = 0
    top: int = 0


def is_needed(draw: Draw, place: Placement) -> bool:
    """Whether the picture must be worked on in its outline before it is placed."""
    finished = place.radius_px or place.border or place.shadow
    treated = draw.blur_px or draw.split_px or draw.shine or draw.shown != WHOLE
    return bool(finished or treated or draw.zoom != 1)


def sheet_of(k: Kernels, draw: Draw, picture: Picture, place: Placement, *, is_text: bool) -> Sheet:
    """The finished picture of a draw: everything but its place, its opacity and its blending."""
    inner = picture.to_outline.then(zoom_of(draw, place))
    sheet = _spread(k, picture.surface, inner, place) if is_text else Sheet(_outlined(k, picture.surface, inner, place))
    if place.border is not None:
        sheet = _bordered(k, sheet, place, place.border)
    if place.radius_px and not is_text:
        mask = k.rounded_mask(place.width, place.height, place.radius_px, sheet.surface.subsampling)
        sheet = Sheet(_masked(k, sheet.surface, mask))
    if place.shadow is not None:
        sheet = _shadowed(k, sheet, place.shadow)
    if draw.shown != WHOLE:
        sheet = _uncovered(k, sheet, draw.shown, place)
    if draw.shine:
        sheet = Sheet(_shining(k, sheet.surface, draw.shine), sheet.left, sheet.top)
    if draw.split_px:
        sheet = _split(k, _padded(k, sheet, math.ceil(abs(draw.split_px))), draw.split_px)
    if draw.blur_px:
        sheet = _blurred(k, sheet, draw.blur_px)
    return sheet


def zoom_of(draw: Draw, place: Placement) -> Affine:
    """The growth of the content about the outline's middle."""
    if draw.zoom == 1:
        return IDENTITY
    return scaling(draw.zoom, draw.zoom, about=(place.width / 2, place.height / 2))


def windowed(k: Kernels, surface: Surface, window: Rect) -> Surface:
    """The surface without what lies outside a rectangle given in its own pixels; edges between pixels are mixed."""
    step = surface.subsampling
    luma = _window_mask(k, surface.y, window, 1)
    return _masked(k, surface, (luma, luma if step == 1 else _window_mask(k, surface.u, window, step)))


def faded(k: Kernels, surface: Surface, opacity: float) -> Surface:
    """The surface at a lower opacity."""
    y, u, v, alpha, alpha_c = (
        k.fade(plane, opacity) for plane in (surface.y, surface.u, surface.v, *coverage(k, surface))
    )
    return Surface(y, u, v, surface.subsampling, alpha, alpha if surface.subsampling == 1 else alpha_c)


def _outlined(k: Kernels, surface: Surface, matrix: Affine, place: Placement) -> Surface:
    """The content as it shows inside its outline, at the outline's size."""
    size = (place.width, place.height)
    if matrix == IDENTITY and (surface.width, surface.height) == size:
        return surface
    return warped(k, surface, matrix, size, hold_edges=surface.is_opaque)


def _spread(k: Kernels, surface: Surface, matrix: Affine, place: Placement) -> Sheet:
    """A text with everything that reaches beyond its box (or does not fill it)."""
    left, top, right, bottom = matrix.bounds(surface.width, surface.height)
    corner = (min(0, math.floor(left / 2) * 2), min(0, math.floor(top / 2) * 2))
    size = (max(math.ceil(right), place.width) - corner[0], max(math.ceil(bottom), place.height) - corner[1])
    moved = matrix.then(translation(-corner[0], -corner[1]))
    return Sheet(warped(k, surface, moved, size, hold_edges=False), *corner)


def _padded(k: Kernels, sheet: Sheet, margin_px: int) -> Sheet:
    """The sheet with room around it, transparent."""
    margin = -(-margin_px // 2) * 2
    surface = sheet.surface
    size = (surface.width + 2 * margin, surface.height + 2 * margin)
    grown = warped(k, surface, translation(margin, margin), size, hold_edges=False)
    return Sheet(grown, sheet.left - margin, sheet.top - margin)


def _masked(k: Kernels, surface: Surface, mask: tuple[Plane, Plane]) -> Surface:
    luma, chroma = mask
    alpha = luma if surface.alpha is None else k.multiply(surface.alpha, luma)
    if surface.subsampling == 1:
        alpha_c = alpha
    else:
        alpha_c = chroma if surface.alpha_c is None else k.multiply(surface.alpha_c, chroma)
    y, u, v = k.multiply(surface.y, luma), k.multiply(surface.u, chroma), k.multiply(surface.v, chroma)
    return Surface(y, u, v, surface.subsampling, alpha, alpha_c)


def _window_mask(k: Kernels, plane: Plane, window: Rect, step: int) -> Plane:
    """255 inside the window (in luma pixels), the covered share of 255 where its edge cuts a sample."""
    height, width = plane.shape
    mask = k.fill(k.empty((height, width)), 255)
    left, top, right, bottom = (edge / step for edge in window)
    for edge, length, before, axis in (
        (left, width, True, 1),
        (right, width, False, 1),
        (top, height, True, 0),
        (bottom, height, False, 0),
    ):
        _cut(mask if axis else mask.T, edge, length, before=before)
    return mask


def _cut(mask: Plane, edge: float, length: int, *, before: bool) -> None:
    """Take away the columns before (or after) `edge`."""
    whole = math.floor(edge)
    share = edge - whole
    if before:
        mask[:, : min(max(whole, 0), length)] = 0
        if 0 <= whole < length and share:
            mask[:, whole : whole + 1] = round(255 * (1 - share))
        return
    mask[:, min(max(whole + (1 if share else 0), 0), length) :] = 0
    if 0 <= whole < length and share:
        column = mask[:, whole : whole + 1]
        column[...] = column // 255 * round(255 * share)


def _uncovered(k: Kernels, sheet: Sheet, shown: Rect, place: Placement) -> Sheet:
    """What a wipe shows. An edge that lies on the outline's own edge cuts nothing, so shadows stay whole."""
    far = 1e6
    left = shown[0] * place.width - sheet.left if shown[0] > 0 else -far
    top = shown[1] * place.height - sheet.top if shown[1] > 0 else -far
    right = shown[2] * place.width - sheet.left if shown[2] < 1 else far
    bottom = shown[3] * place.height - sheet.top if shown[3] < 1 else far
    return Sheet(windowed(k, sheet.surface, (left, top, right, bottom)), sheet.left, sheet.top)


def _flat(k: Kernels, alpha: Plane, alpha_c: Plane, subsampling: int, color: Rgba) -> Surface:
    """One colour under a given coverage; the colour's own alpha is part of the coverage already."""
    levels = [value / 255 for value in yuv_of(*color[:3])]
    y, u, v = k.fade(alpha, levels[0]), k.fade(alpha_c, levels[1]), k.fade(alpha_c, levels[2])
    return Surface(y, u, v, subsampling, alpha, alpha_c)


def lay(k: Kernels, below: Surface, above: Surface) -> None:
    """Lay a premultiplied surface over one of the same size, in place."""
    for (under, _, _), (over, _, _), alpha in zip(below.planes(), above.planes(), above.alphas(), strict=True):
        assert alpha is not None
        k.over(under, over, alpha)
    if below.alpha is not None and above.alpha is not None:
        k.over(below.alpha, above.alpha, above.alpha)
    if below.alpha_c is not None and below.alpha_c is not below.alpha and above.alpha_c is not None:
        k.over(below.alpha_c, above.alpha_c, above.alpha_c)


def _copied(k: Kernels, surface: Surface) -> Surface:
    y, u, v = (k.copy(plane, k.empty(tuple(plane.shape))) for plane in (surface.y, surface.u, surface.v))
    if surface.alpha is None or surface.alpha_c is None:
        return Surface(y, u, v, surface.subsampling)
    alpha = k.copy(surface.alpha, k.empty(tuple(surface.alpha.shape)))
    shared = surface.alpha_c is surface.alpha
    alpha_c = alpha if shared else k.copy(surface.alpha_c, k.empty(tuple(surface.alpha_c.shape)))
    return Surface(y, u, v, surface.subsampling, alpha, alpha_c)


def _bordered(k: Kernels, sheet: Sheet, place: Placement, border: Border) -> Sheet:
    """The border lies on the content, along the inside of the outline."""
    surface = _copied(k, sheet.surface)
    left, top = -sheet.left, -sheet.top
    area = surface.crop(left, top, left + place.width, top + place.height)
    ring = k.ring_mask(place.width, place.height, place.radius_px, border.width_px, surface.subsampling)
    luma, chroma = (k.fade(mask, border.color[3] / 255) for mask in ring)
    if surface.subsampling == 1:
        chroma = luma
    lay(k, area, _flat(k, luma, chroma, surface.subsampling, border.color))
    return Sheet(surface, sheet.left, sheet.top)


def _shadowed(k: Kernels, sheet: Sheet, shadow: Shadow) -> Sheet:
    """The sheet over its own shadow, with room for both."""
    reach = math.ceil(shadow.sigma_px * BLUR_REACH_SIGMAS + max(abs(shadow.x_px), abs(shadow.y_px)))
    content = _padded(k, sheet, reach + 2)
    surface = content.surface
    assert surface.alpha is not None
    size = (surface.width, surface.height)
    cast = k.warp(surface.alpha, translation(shadow.x_px, shadow.y_px), size, hold_edges=False)
    soft = k.gaussian(cast, shadow.sigma_px, hold_edges=False, out=k.empty(tuple(cast.shape)))
    alpha = k.fade(soft, shadow.color[3] / 255)
    alpha_c = alpha if surface.subsampling == 1 else k.subsample(alpha)
    ground = _flat(k, alpha, alpha_c, surface.subsampling, shadow.color)
    lay(k, ground, surface)
    return Sheet(ground, content.left, content.top)


def _shining(k: Kernels, surface: Surface, shine: float) -> Surface:
    """Colours lifted towards white."""
    white = yuv_of(255, 255, 255)
    planes = [
        k.toward(plane, alpha, value, shine, k.empty(tuple(plane.shape)))
        for (plane, _, _), alpha, value in zip(surface.planes(), surface.alphas(), white, strict=True)
    ]
    return Surface(planes[0], planes[1], planes[2], surface.subsampling, surface.alpha, surface.alpha_c)


def _split(k: Kernels, sheet: Sheet, split_px: float) -> Sheet:
    """Red to the left, blue to the right: each colour is taken from a copy that has moved."""
    surface = sheet.surface
    size = (surface.width, surface.height)
    left = warped(k, surface, translation(-split_px, 0), size, hold_edges=False)
    right = warped(k, surface, translation(split_px, 0), size, hold_edges=False)
    shape = tuple(surface.y.shape)
    rgb = [k.to_rgb(part, (k.empty(shape), k.empty(shape), k.empty(shape))) for part in (left, surface, right)]
    alpha, alpha_c = _widest(k, left, surface, right)
    u, v = k.empty(tuple(surface.u.shape)), k.empty(tuple(surface.v.shape))
    out = Surface(k.empty(shape), u, v, surface.subsampling, alpha, alpha_c)
    return Sheet(k.from_rgb((rgb[0][0], rgb[1][1], rgb[2][2]), out), sheet.left, sheet.top)


def _widest(k: Kernels, *parts: Surface) -> tuple[Plane, Plane]:
    """Where any of the parts covers."""
    (a, a_c), (b, b_c), (c, c_c) = (coverage(k, part) for part in parts)
    alpha = k.lighten(k.lighten(a, b), c)
    return alpha, alpha if parts[0].subsampling == 1 else k.lighten(k.lighten(a_c, b_c), c_c)


def _blurred(k: Kernels, sheet: Sheet, sigma_px: float) -> Sheet:
    sheet = _padded(k, sheet, math.ceil(sigma_px * BLUR_REACH_SIGMAS))
    surface = sheet.surface
    planes = []
    for index, plane in enumerate(surface.every_plane()):
        sigma = sigma_px / surface.subsampling if index in (1, 2, 4) else sigma_px
        planes.append(k.gaussian(plane, sigma, hold_edges=False, out=k.empty(tuple(plane.shape))))
    alpha_c = planes[3] if surface.subsampling == 1 else planes[4]
    soft = Surface(planes[0], planes[1], planes[2], surface.subsampling, planes[3], alpha_c)
    return Sheet(soft, sheet.left, sheet.top)
