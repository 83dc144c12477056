"""Putting a picture together from three: red of one, green of another, blue of a third.

R'G'B' is linear in Y'CbCr, so the change of every code value is a weighted sum of the changes of planes. Where nothing
moved nothing changes, not even by rounding or by chroma's lower resolution.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.kernels import Planes
from gpu_tasks.engine.kernels.colour import RGB_TO_YUV_709, YUV_TO_RGB_709
from gpu_tasks.engine.surface import NEUTRAL_C, Plane, Surface

_RED, _BLUE = 0, 2
T = TypeVar("T")
Terms = list[tuple[Plane, float]]


def recombined(
    moment: Moment, picture: Surface, red: Surface, blue: Surface, out: Surface, lumas: Planes | None = None
) -> Surface:
    """Green of `picture`, red of `red`, blue of `blue`: premultiplied surfaces of one kind.

    Cb of `red` and Cr of `blue` take no part: those planes may hold anything. `out` may be none of the others.
    `lumas` are those of the three at chroma's size, where they are known.
    """
    k = moment.k
    lumas = lumas or (
        luma_at_chroma_size(moment, picture, "g"),
        luma_at_chroma_size(moment, red, "r"),
        luma_at_chroma_size(moment, blue, "b"),
    )
    if out.is_opaque:
        return _recombined_opaque(moment, picture, red, blue, out, lumas)
    if out.alpha is not None and out.alpha_c is not None:
        for name in ("alpha", "alpha_c"):
            seen = k.lighten(getattr(picture, name), getattr(red, name), getattr(out, name))
            k.lighten(seen, getattr(blue, name), seen)
    terms = [*_luma_terms(moment, picture, red, blue), *_alpha_terms(0, picture, red, blue, out)]
    _weigh(moment, terms, -NEUTRAL_C, out.y)
    for row, (plane, target) in enumerate(((picture.u, out.u), (picture.v, out.v)), start=1):
        terms = [(plane, 1.0), *_changes(row, picture, red, blue), *_luma_changes_of(row, *lumas)]
        _weigh(moment, [*terms, *_alpha_terms(row, picture, red, blue, out)], 0, target)
    return out


def _recombined_opaque(
    moment: Moment, picture: Surface, red: Surface, blue: Surface, out: Surface, lumas: Planes
) -> Surface:
    """The same in few passes: three planes go through a matrix at once, the fourth, blue's Cb, is added."""
    k, shape, small = moment.k, tuple(picture.y.shape), tuple(picture.u.shape)
    by_luma = k.matrix(lumas, _rows(_luma_changes), moment.scratch.planes("by luma", small))
    by_chroma = k.matrix(
        (picture.u, picture.v, red.v), _rows(_chroma_changes), moment.scratch.planes("by chroma", small)
    )
    for row, plane in enumerate(by_chroma):
        of_cb = float(RGB_TO_YUV_709[row, _BLUE] * YUV_TO_RGB_709[_BLUE, 1])
        k.weigh([plane, blue.u], [1.0, of_cb], -of_cb * NEUTRAL_C, plane)
    for row, target in ((1, out.u), (2, out.v)):
        k.weigh([by_chroma[row], by_luma[row]], [1.0, 1.0], -NEUTRAL_C, target)
    shift = by_chroma[0]
    if picture.subsampling == 2:
        shift = k.upsample(shift, (picture.width, picture.height), moment.scratch.plane("wide shift of luma", shape))
    of_green, of_red, of_blue = (weight for _, weight in _luma_changes_of(0, *"grb"))
    moved = k.weigh([red.y, blue.y], [of_red, of_blue], 0, moment.scratch.plane("moved luma", shape))
    k.weigh([picture.y, moved], [1 + of_green, 1.0], 0, out.y)
    k.weigh([out.y, shift], [1.0, 1.0], -NEUTRAL_C, out.y)
    return out


def _rows(row_of: Callable[[int], tuple[float, float, float, float]]) -> NDArray[np.float64]:
    return np.array([row_of(row) for row in range(3)])


def _luma_changes(row: int) -> tuple[float, float, float, float]:
    """What the changed luma adds to a code value, around 128."""
    green, red, blue = (weight for _, weight in _luma_changes_of(row, *"grb"))
    return (green, red, blue, NEUTRAL_C)


def _chroma_changes(row: int) -> tuple[float, float, float, float]:
    """From (Cb, Cr, red's Cr): chroma after the change, or what is added to luma, but for blue's Cb; around 128."""
    of_cr = float(RGB_TO_YUV_709[row, _RED] * YUV_TO_RGB_709[_RED, 2])
    of_cb = float(RGB_TO_YUV_709[row, _BLUE] * YUV_TO_RGB_709[_BLUE, 1])
    own_cb, own_cr = float(row == 1), float(row == 2)
    centred = NEUTRAL_C * (1 - own_cb - own_cr + of_cb)
    return (own_cb - of_cb, own_cr - of_cr, of_cr, centred)


def _luma_terms(moment: Moment, picture: Surface, red: Surface, blue: Surface) -> Terms:
    """Luma, and what moved chroma adds to it: a plane around 128."""
    k, scratch = moment.k, moment.scratch
    shift = scratch.plane("shift of luma", picture.u.shape)
    _weigh(moment, _changes(0, picture, red, blue), NEUTRAL_C, shift)
    if picture.subsampling == 2:
        wide = scratch.plane("wide shift of luma", picture.y.shape)
        shift = k.upsample(shift, (picture.width, picture.height), wide)
    return [(picture.y, 1.0), *_luma_changes_of(0, picture.y, red.y, blue.y), (shift, 1.0)]


def _luma_changes_of(row: int, green: T, red: T, blue: T) -> list[tuple[T, float]]:
    of_red = float(RGB_TO_YUV_709[row, _RED] * YUV_TO_RGB_709[_RED, 0])
    of_blue = float(RGB_TO_YUV_709[row, _BLUE] * YUV_TO_RGB_709[_BLUE, 0])
    return [(green, -of_red - of_blue), (red, of_red), (blue, of_blue)]


def _changes(row: int, picture: Surface, red: Surface, blue: Surface) -> Terms:
    """What changed chroma adds: Cr through red, Cb through blue."""
    of_cr = float(RGB_TO_YUV_709[row, _RED] * YUV_TO_RGB_709[_RED, 2])
    of_cb = float(RGB_TO_YUV_709[row, _BLUE] * YUV_TO_RGB_709[_BLUE, 1])
    return [(red.v, of_cr), (picture.v, -of_cr), (blue.u, of_cb), (picture.u, -of_cb)]


def _alpha_terms(row: int, picture: Surface, red: Surface, blue: Surface, out: Surface) -> Terms:
    """The offsets of code values are premultiplied, too."""
    weights = (
        (red, float(RGB_TO_YUV_709[row, _RED] * YUV_TO_RGB_709[_RED, 3] / 255)),
        (blue, float(RGB_TO_YUV_709[row, _BLUE] * YUV_TO_RGB_709[_BLUE, 3] / 255)),
        (out, float(RGB_TO_YUV_709[row, 3])),
    )
    own = picture.alphas()[row]
    if own is None:
        return []
    moved = [(alpha, weight) for surface, weight in weights if (alpha := surface.alphas()[row]) is not None]
    return [*moved, (own, -sum(weight for _, weight in weights))]


def luma_at_chroma_size(moment: Moment, surface: Surface, name: str) -> Plane:
    """The luma of a surface where its chroma samples lie."""
    if surface.subsampling == 1:
        return surface.y
    return moment.k.subsample(surface.y, moment.scratch.plane(f"luma of {name}", surface.u.shape))


def _weigh(moment: Moment, terms: Terms, offset: float, out: Plane) -> None:
    """Σ weight · plane + offset, each plane read once."""
    weights: dict[int, float] = {}
    for plane, weight in terms:
        weights[id(plane)] = weights.get(id(plane), 0.0) + weight
    planes = {id(plane): plane for plane, _ in terms}
    moment.k.weigh([planes[key] for key in weights], list(weights.values()), offset, out)
