"""Film stocks: the tone of an aged print, of instant film, of portrait film and of the cinema."""

from typing import Final

from gpu_tasks.engine.effects._grain import grain
from gpu_tasks.engine.effects._lens import Vignette, masks_of, shaded, softened
from gpu_tasks.engine.effects._tone import Grade, graded, with_alpha
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.surface import Surface

VINTAGE: Final = Grade(
    red=((0, 0.14), (0.25, 0.34), (0.5, 0.61), (0.75, 0.83), (1, 0.97)),
    green=((0, 0.115), (0.25, 0.3), (0.5, 0.56), (0.75, 0.78), (1, 0.93)),
    blue=((0, 0.15), (0.25, 0.3), (0.5, 0.49), (0.75, 0.65), (1, 0.76)),
    saturation=((0, 0.65), (0.5, 0.9), (1, 0.8)),
)
VINTAGE_VIGNETTE: Final = Vignette(inner=0.55, outer=1.65, depth=0.5)
VINTAGE_GRAIN: Final = 3.5

POLAROID: Final = Grade(
    red=((0, 0.06), (0.25, 0.24), (0.5, 0.53), (0.75, 0.8), (1, 0.97)),
    green=((0, 0.11), (0.25, 0.31), (0.5, 0.56), (0.75, 0.79), (1, 0.94)),
    blue=((0, 0.14), (0.25, 0.32), (0.5, 0.53), (0.75, 0.72), (1, 0.84)),
    saturation=((0, 0.7), (0.5, 0.9), (1, 0.75)),
)
POLAROID_VIGNETTE: Final = Vignette(inner=0.6, outer=1.6, depth=0.38)
POLAROID_FOCUS: Final = Vignette(inner=0.45, outer=1.35, depth=1.0)

PORTRA: Final = Grade(
    red=((0, 0.035), (0.25, 0.275), (0.5, 0.555), (0.75, 0.8), (1, 0.985)),
    green=((0, 0.04), (0.25, 0.27), (0.5, 0.535), (0.75, 0.78), (1, 0.965)),
    blue=((0, 0.055), (0.25, 0.26), (0.5, 0.5), (0.75, 0.735), (1, 0.925)),
    saturation=((0, 0.8), (0.4, 0.95), (1, 0.8)),
    twist=((0.92, 0.02), (-0.05, 0.97)),
)

FILMIC: Final = Grade(
    red=((0, 0.0), (0.1, 0.045), (0.25, 0.18), (0.5, 0.52), (0.75, 0.83), (0.9, 0.945), (1, 0.985)),
    green=((0, 0.008), (0.1, 0.062), (0.25, 0.2), (0.5, 0.505), (0.75, 0.79), (0.9, 0.91), (1, 0.955)),
    blue=((0, 0.02), (0.1, 0.085), (0.25, 0.235), (0.5, 0.495), (0.75, 0.735), (0.9, 0.845), (1, 0.895)),
    saturation=((0, 0.7), (0.2, 0.95), (0.5, 1.05), (0.8, 0.9), (1, 0.6)),
    twist=((0.96, -0.06), (-0.08, 0.94)),
)


@effect(
    "vintage",
    "An aged print: faded blacks, warm light, soft dark corners and a little grain.",
    animated=True,
    straight=True,
)
def vintage(picture: Surface, amount: float, moment: Moment) -> Surface:
    faded = graded(picture, moment, VINTAGE, amount)
    dark = shaded(faded, moment, masks_of(picture, moment, VINTAGE_VIGNETTE, amount))
    noise = grain(picture.y.shape, moment, VINTAGE_GRAIN * amount, size_units=1.6)
    moment.k.add_grain(dark.y, noise, faded.y)
    return Surface(faded.y, dark.u, dark.v, dark.subsampling, picture.alpha, picture.alpha_c)


@effect(
    "polaroid", "An instant photograph: creamy whites, cyan-green shadows, softer towards its corners.", straight=True
)
def polaroid(picture: Surface, amount: float, moment: Moment) -> Surface:
    focused = _soft_corners(picture, amount, moment)
    return shaded(
        graded(focused, moment, POLAROID, amount), moment, masks_of(picture, moment, POLAROID_VIGNETTE, amount)
    )


def _soft_corners(picture: Surface, amount: float, moment: Moment) -> Surface:
    blurred = softened(picture, moment, 3.0 * amount * moment.unit_px)
    masks = masks_of(picture, moment, POLAROID_FOCUS, 1.0)
    out = moment.scratch.surface("focused", picture, alpha=False)
    for index, (target, _, _) in enumerate(out.planes()):
        sharp, soft = picture.every_plane()[index], blurred.every_plane()[index]
        moment.k.mix_by(sharp, soft, masks[min(index, 1)], target)
    return with_alpha(out, picture)


@effect("portra", "Portrait film: warm, even skin, pastel contrast and gently lifted shadows.", straight=True)
def portra(picture: Surface, amount: float, moment: Moment) -> Surface:
    return graded(picture, moment, PORTRA, amount)


@effect("filmic", "A cinema print: deep teal shadows, warm lights that roll off softly.", straight=True)
def filmic(picture: Surface, amount: float, moment: Moment) -> Surface:
    return graded(picture, moment, FILMIC, amount)
