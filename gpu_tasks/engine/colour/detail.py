"""Sharpness and blur of an element."""

from dataclasses import replace

from gpu_tasks.engine.colour.base import Stage
from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.surface import Plane, Surface

SHARP_SIGMA_UNITS = 1.1
SHARP_AMOUNT_AT_FULL = 1.6
BLUR_SIGMA_UNITS_AT_FULL = 40.0


def sharpness_stage(sharpness: float) -> Stage:
    """Unsharp masking of luma: y + 1.6·sharpness/100 · (y − blurred y), with a Gaussian of σ 1.1 units (1/720)."""
    amount = SHARP_AMOUNT_AT_FULL * sharpness / 100

    def apply(picture: Surface, moment: Moment) -> Surface:
        k, luma = moment.k, moment.scratch.plane("sharpness", tuple(picture.y.shape))
        soft = _soft_luma(picture, max(SHARP_SIGMA_UNITS * moment.unit_px, 0.5), moment)
        k.mix(picture.y, soft, -amount, luma)
        if picture.alpha is not None:
            # A premultiplied sample is never above its alpha.
            k.darken(luma, picture.alpha, luma)
        return replace(picture, y=luma, frame=None)

    return Stage("sharpness", apply)


def _soft_luma(picture: Surface, sigma_px: float, moment: Moment) -> Plane:
    """Blurred luma. With alpha: of what is there alone, premultiplied, so that no rim forms along the transparent."""
    k, shape = moment.k, (picture.height, picture.width)
    soft = k.gaussian(picture.y, sigma_px, hold_edges=True, out=moment.scratch.plane("soft", shape))
    if picture.alpha is None:
        return soft
    cover = k.gaussian(picture.alpha, sigma_px, hold_edges=True, out=moment.scratch.plane("soft-alpha", shape))
    mean = k.divide(soft, cover, moment.scratch.plane("soft-mean", shape))
    return k.multiply(mean, picture.alpha, soft)


def blur_stage(blur: float) -> Stage:
    """Gaussian blur of σ = 0.4·blur units (1/720 of the shorter side): at 720 lines 5 is σ 2 px, 100 is σ 40 px."""
    sigma_units = BLUR_SIGMA_UNITS_AT_FULL * blur / 100

    def apply(picture: Surface, moment: Moment) -> Surface:
        out = moment.scratch.surface("blur", picture)
        sigma_px = sigma_units * moment.unit_px
        for plane, target in zip(picture.every_plane(), out.every_plane(), strict=True):
            step = 1 if plane.shape == picture.y.shape else picture.subsampling
            moment.k.gaussian(plane, sigma_px / step, hold_edges=True, out=target)
        return out

    return Stage("blur", apply)
