"""What an old lens does: darker corners, and light that is not quite in focus."""

from dataclasses import dataclass

import numpy as np

from gpu_tasks.engine.effects._tone import Values, codes, with_alpha
from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.surface import Plane, Surface

Masks = tuple[Plane, Plane]
"""0-255, at luma and at chroma size."""


@dataclass(frozen=True, slots=True)
class Vignette:
    """What grows from nothing at `inner` to `depth` (0-1) at `outer`.

    Distances are shares of the half axes: 1 at the middle of an edge, √2 in a corner. With a `power` above 2 the
    ellipse becomes a rounded rectangle, whose corners are nearer.
    """

    inner: float
    outer: float
    depth: float
    power: float = 2.0


def masks_of(picture: Surface, moment: Moment, vignette: Vignette, amount: float) -> Masks:
    """The strength of a vignette at every pixel of pictures like this."""

    def make() -> Masks:
        luma = moment.k.upload(_mask(picture.y.shape, vignette, amount))
        whole = picture.subsampling == 1
        return luma, luma if whole else moment.k.upload(_mask(picture.u.shape, vignette, amount))

    key = ("vignette", vignette, amount, picture.y.shape, picture.subsampling)
    return moment.scratch.kept(key, make)


def _mask(shape: tuple[int, ...], vignette: Vignette, amount: float) -> Plane:
    return codes(255 * amount * field_of(shape, vignette))


def field_of(shape: tuple[int, ...], vignette: Vignette) -> Values:
    """The strength (0-1) of a vignette on a plane of this shape."""
    down, across = (np.abs((np.arange(length) + 0.5) * 2 / length - 1) ** vignette.power for length in shape)
    distance = (down[:, None] + across[None, :]) ** (1 / vignette.power)
    return vignette.depth * smooth((distance - vignette.inner) / (vignette.outer - vignette.inner))


def smooth(share: Values) -> Values:
    """0 up to 0, 1 from 1 on, and between them a step without corners."""
    t = np.clip(share, 0, 1)
    return np.asarray(t * t * t * (t * (t * 6 - 15) + 10), np.float64)


def shaded(picture: Surface, moment: Moment, masks: Masks, name: str = "shaded") -> Surface:
    """The (straight) picture towards black by masks; alpha stays."""
    out = moment.scratch.surface(name, picture, alpha=False)
    luma, chroma = masks
    for (plane, _, black), (target, _, _), mask in zip(
        picture.planes(), out.planes(), (luma, chroma, chroma), strict=True
    ):
        moment.k.toward_by(plane, None, black, mask, target)
    return with_alpha(out, picture)


def softened(picture: Surface, moment: Moment, sigma_px: float, name: str = "softened") -> Surface:
    """The (straight) picture out of focus; the blur is in luma pixels. Alpha stays sharp, and bounds what blurs."""
    out = moment.scratch.surface(name, picture, alpha=False)
    for index, ((plane, step, _), (target, _, _), alpha) in enumerate(
        zip(picture.planes(), out.planes(), picture.alphas(), strict=True)
    ):
        soft(plane, alpha, moment, sigma_px / step, target, f"{name}-{min(index, 1)}")
    return with_alpha(out, picture)


def soft(plane: Plane, alpha: Plane | None, moment: Moment, sigma_px: float, out: Plane, name: str) -> Plane:
    """A plane of a straight surface blurred; where there is alpha, nothing that cannot be seen bleeds in."""
    k = moment.k
    if alpha is None:
        return k.gaussian(plane, sigma_px, hold_edges=True, out=out)
    weighted, coverage = (moment.scratch.plane(f"{name}-{part}", plane.shape) for part in ("weighted", "coverage"))
    blurred = k.gaussian(k.multiply(plane, alpha, out), sigma_px, hold_edges=True, out=weighted)
    return k.divide(blurred, k.gaussian(alpha, sigma_px, hold_edges=True, out=coverage), out)
