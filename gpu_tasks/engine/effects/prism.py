"""Refraction by a prism held before the lens."""

import math

import numpy as np

from gpu_tasks.engine.effects._planes import luma_and_chroma, together
from gpu_tasks.engine.effects._separation import recombined
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.kernels import Size
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.timeline.transforms import translation

REFRACTION_UNITS = (230.0, 40.0)
"""How far the facets draw the picture inwards (x) and aside (y)."""
DISPERSION = 0.1
"""How much less red and more blue are refracted than green."""
FACET_SHARE, SETS_IN, MARGIN = 0.72, 0.25, 0.07


@effect("prism", "A prism before the lens: rainbow-edged reflections of the picture fold in from both sides.")
def prism(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    masks = luma_and_chroma(moment, picture, ("facets", amount), lambda size, _: _facets(size, amount))
    red, green, blue = (
        _refracted(picture, name, 1 + sign * DISPERSION, masks, amount, moment)
        for name, sign in (("red", -1), ("green", 0), ("blue", 1))
    )
    return recombined(moment, green, red, blue, moment.scratch.surface("out", picture))


def _refracted(
    picture: Surface, name: str, strength: float, masks: tuple[Plane, ...], amount: float, moment: Moment
) -> Surface:
    """Over each half of the picture, the picture drawn away from the other one shows through by the mask."""
    k, out = moment.k, moment.scratch.surface(name, picture)
    for index, (step, (plane, target)) in enumerate(together(picture, out)):
        height, width = plane.shape
        middle = width // 2
        x, y = (units * moment.unit_px * amount * strength for units in REFRACTION_UNITS)
        for left, right, sign in ((0, middle, -1), (middle, width, 1)):
            if right > left:
                matrix = k.plane_matrix(translation(sign * x, sign * y), step)
                shifted = translation(matrix.c - left, matrix.f)
                half = target[:, left:right]
                k.warp(plane, shifted, (right - left, height), hold_edges=picture.is_opaque, out=half)
        k.mix_by(plane, target, masks[1 if index in (1, 2, 4) else 0], target)
    return out


def _facets(size: Size, amount: float) -> Plane:
    """How much shows through the facets (0-255): left and right of two slanting, soft edges."""
    width, height = size
    x = (np.arange(width) + 0.5 - width / 2)[None, :] / height
    y = (np.arange(height) + 0.5 - height / 2)[:, None] / height
    lean = math.tan(math.radians(14))
    reach = np.maximum(x + lean * y, -(x + lean * y)) / (width / height)
    t = np.clip((reach - 0.17) / 0.15, 0, 1)
    # What the facets draw in from beyond the upper and lower edges is not shown.
    rows = np.arange(height) + 0.5
    inside = np.clip(np.minimum(rows, height - rows)[:, None] / (MARGIN * min(size)), 0, 1)
    share = inside * FACET_SHARE * min(1.0, amount / SETS_IN)
    return np.rint(255 * share * t * t * (3 - 2 * t)).astype(np.uint8)
