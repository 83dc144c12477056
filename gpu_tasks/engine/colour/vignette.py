"""Vignette of an element: the corners fall into the dark."""

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.colour.base import Stage
from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.surface import Surface

CORNER_DARKNESS_AT_FULL = 0.97
CLEAR_RADIUS = 0.25
"""Share of the half diagonal around the centre that stays as it is."""

_Shades = tuple[tuple[NDArray[np.uint8], NDArray[np.uint8]], ...]


def vignette_stage(vignette: float) -> Stage:
    """Darkens the corners by 0.97·vignette/100 and the middle not at all, smoothly between; oval like the picture."""
    strength = CORNER_DARKNESS_AT_FULL * vignette / 100

    def apply(picture: Surface, moment: Moment) -> Surface:
        k, out = moment.k, moment.scratch.surface("vignette", picture)
        key = ("vignette", picture.height, picture.width, picture.subsampling, strength, picture.is_opaque)
        shades = moment.scratch.kept(key, lambda: _shades(picture, strength, k))
        out.copy_alpha_from(picture)
        sources = zip(picture.planes(), picture.alphas(), out.planes(), shades, strict=True)
        for (plane, _, black), alpha, (target, _, _), (kept, added) in sources:
            if alpha is None:
                k.add(k.multiply(plane, kept, target), added, target)
            else:
                k.toward_by(plane, alpha, black, added, target)
        return out

    return Stage("vignette", apply)


def _shades(picture: Surface, strength: float, k: Kernels) -> _Shades:
    """For each plane what is kept of it (0-255), and the share of black that is added.

    Without alpha the second is in code values, with alpha it is a mask for `toward_by`.
    """
    shades = []
    for plane, _, black in picture.planes():
        kept = 1 - strength * _falloff(plane.shape[0], plane.shape[1])
        added = (1 - kept) * (black if picture.is_opaque else 255)
        shades.append((k.upload(_rounded(kept * 255)), k.upload(_rounded(added))))
    return tuple(shades)


def _rounded(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint(values).astype(np.uint8)


def _falloff(height: int, width: int) -> NDArray[np.float32]:
    """0 in the middle to 1 in the corners: a quintic smoothstep of the distance."""
    y = (np.arange(height, dtype=np.float32) + 0.5) / height * 2 - 1
    x = (np.arange(width, dtype=np.float32) + 0.5) / width * 2 - 1
    radius = np.sqrt((x[None, :] ** 2 + y[:, None] ** 2) / 2)
    t = np.clip((radius - CLEAR_RADIUS) / (1 - CLEAR_RADIUS), 0, 1)
    return np.asarray(t * t * t * (t * (6 * t - 15) + 10), np.float32)
