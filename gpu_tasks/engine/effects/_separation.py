"""Putting a picture together from three: red of one, green of another, blue of a third.

R'G'B' is linear in Y'CbCr, so the change of every code value is a weighted sum of the changes of planes. Where nothing
moved nothing changes, not even by rounding or by chroma's lower resolution.
"""

from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.kernels.colour import RGB_TO_YUV_709, YUV_TO_RGB_709
from gpu_tasks.engine.surface import NEUTRAL_C, Plane, Surface

_RED, _BLUE = 0, 2
Terms = list[tuple[Plane, float]]


def recombined(moment: Moment, picture: Surface, red: Surface, blue: Surface, out: Surface) -> Surface:
    """Green of `picture`, red of `red`, blue of `blue`: premultiplied surfaces of one kind.

    Cb of `red` and Cr of `blue` take no part: those planes may hold anything. `out` may be none of the others.
    """
    k = moment.k
    if out.alpha is not None and out.alpha_c is not None:
        for name in ("alpha", "alpha_c"):
            seen = k.lighten(getattr(picture, name), getattr(red, name), getattr(out, name))
            k.lighten(seen, getattr(blue, name), seen)
    terms = [*_luma_terms(moment, picture, red, blue), *_alpha_terms(0, picture, red, blue, out)]
    _weigh(moment, terms, -NEUTRAL_C, out.y)
    lumas = [_at_chroma_size(moment, surface, name) for surface, name in ((picture, "g"), (red, "r"), (blue, "b"))]
    for row, (plane, target) in enumerate(((picture.u, out.u), (picture.v, out.v)), start=1):
        terms = [(plane, 1.0), *_changes(row, picture, red, blue), *_luma_changes(row, *lumas)]
        _weigh(moment, [*terms, *_alpha_terms(row, picture, red, blue, out)], 0, target)
    return out


def _luma_terms(moment: Moment, picture: Surface, red: Surface, blue: Surface) -> Terms:
    """Luma, and what moved chroma adds to it: a plane around 128."""
    k, scratch = moment.k, moment.scratch
    shift = scratch.plane("shift of luma", picture.u.shape)
    _weigh(moment, _changes(0, picture, red, blue), NEUTRAL_C, shift)
    if picture.subsampling == 2:
        wide = scratch.plane("wide shift of luma", picture.y.shape)
        shift = k.upsample(shift, (picture.width, picture.height), wide)
    return [(picture.y, 1.0), *_luma_changes(0, picture.y, red.y, blue.y), (shift, 1.0)]


def _luma_changes(row: int, green: Plane, red: Plane, blue: Plane) -> Terms:
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


def _at_chroma_size(moment: Moment, surface: Surface, name: str) -> Plane:
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
