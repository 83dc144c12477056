"""Blend modes (W3C Compositing and Blending Level 1, sections 5.8 and 10.1), as tables over two code values.

B(backdrop, source) of a separable mode depends on two 8-bit values alone: a table of 256 × 256 holds it exactly.
"""

from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.kernels import Kernels, Planes
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import NEUTRAL_C, Plane, Surface

Values = NDArray[np.float64]
_WHERE_BARE: Final = np.array([255] + [0] * 255, np.uint8)


def _hard_light(below: Values, above: Values) -> Values:
    return np.where(above <= 0.5, below * 2 * above, _screen(below, 2 * above - 1))


def _screen(below: Values, above: Values) -> Values:
    return below + above - below * above


def _color_dodge(below: Values, above: Values) -> Values:
    dodged = np.minimum(1, below / np.maximum(1 - above, 1e-9))
    return np.where(below == 0, 0.0, np.where(above >= 1, 1.0, dodged))


def _color_burn(below: Values, above: Values) -> Values:
    burnt = 1 - np.minimum(1, (1 - below) / np.maximum(above, 1e-9))
    return np.where(below >= 1, 1.0, np.where(above == 0, 0.0, burnt))


def _soft_light(below: Values, above: Values) -> Values:
    curve = np.where(below <= 0.25, ((16 * below - 12) * below + 4) * below, np.sqrt(below))
    darker = below - (1 - 2 * above) * below * (1 - below)
    return np.where(above <= 0.5, darker, below + (2 * above - 1) * (curve - below))


FORMULAS: Final[dict[str, Callable[[Values, Values], Values]]] = {
    "multiply": lambda below, above: below * above,
    "screen": _screen,
    "overlay": lambda below, above: _hard_light(above, below),
    "darken": np.minimum,
    "lighten": np.maximum,
    "color_dodge": _color_dodge,
    "color_burn": _color_burn,
    "hard_light": _hard_light,
    "soft_light": _soft_light,
    "difference": lambda below, above: np.abs(below - above),
}
"""(backdrop, source), both 0-1 → B. `difference` is a motion's, the others are the catalogue's."""


@cache
def table(mode: str) -> Plane:
    """B as code values: a 256 × 256 table, [backdrop, source]."""
    levels = np.arange(256) / 255
    blended = FORMULAS[mode](levels[:, None], levels[None, :])
    codes: Plane = np.rint(np.clip(blended, 0, 1) * 255).astype(np.uint8)
    return codes


class Blender:
    """Blends pictures with what lies below them. Reuses its memory from frame to frame."""

    def __init__(self, kernels: Kernels) -> None:
        self._k = kernels
        self._scratch = Scratch(kernels)

    def blended(self, below: Surface, above: Surface, mode: str, amount: float) -> Surface:
        """`above` as it must be laid (with plain over) to show blended with `below`; its coverage stays.

        Only where `above` covers does a pixel ever pass through R'G'B'. `amount` 0-1 is the share of the blend.
        """
        k, shape = self._k, tuple(above.y.shape)
        ground = self._straight_rgb("below", below)
        source = self._straight_rgb("above", above)
        curve = self._scratch.kept(mode, lambda: k.upload(table(mode)))
        mixed = self._scratch.plane("mixed", shape)
        for backdrop, plane in zip(ground, source, strict=True):
            k.by_table(backdrop, plane, curve, mixed)
            if amount < 1:
                k.mix(plane, mixed, amount, mixed)
            if below.alpha is not None:
                # Over a transparent backdrop the source shows as it is.
                k.mix_by(plane, mixed, below.alpha, mixed)
            if above.alpha is not None:
                k.multiply(mixed, above.alpha, plane)
            else:
                k.copy(mixed, plane)
        return k.from_rgb(source, self._result(above))

    def _straight_rgb(self, name: str, surface: Surface) -> Planes:
        """R'G'B' with premultiplication undone, in memory of its own."""
        k, shape = self._k, tuple(surface.y.shape)
        out = self._scratch.planes(name, shape)
        if surface.alpha is None or surface.alpha_c is None:
            return k.to_rgb(surface, out)
        y = k.divide(surface.y, surface.alpha, out[0])
        u, v = (
            self._straight_chroma(plane, surface, target)
            for plane, target in ((surface.u, out[1]), (surface.v, out[2]))
        )
        return k.to_rgb(Surface(y, u, v, 1), out)

    def _straight_chroma(self, plane: Plane, surface: Surface, out: Plane) -> Plane:
        """Full-size chroma that no uncovered neighbour has a share in; neutral where nothing covers."""
        k, alpha_c = self._k, surface.alpha_c
        assert alpha_c is not None
        cover = alpha_c
        if surface.subsampling == 2:
            size = (surface.width, surface.height)
            cover = k.upsample(alpha_c, size, self._scratch.plane("cover", tuple(out.shape)))
            plane = k.upsample(plane, size, self._scratch.plane("chroma", tuple(out.shape)))
        k.divide(plane, cover, out)
        bare = k.lut(cover, self._scratch.kept("bare", lambda: k.upload(_WHERE_BARE)))
        return k.toward_by(out, None, NEUTRAL_C, bare, out)

    def _result(self, above: Surface) -> Surface:
        out = self._scratch.surface("result", above, alpha=False)
        if above.alpha is None:
            return out
        alpha_c = above.alpha if out.subsampling == 1 else self._k.subsample(above.alpha)
        return Surface(out.y, out.u, out.v, out.subsampling, above.alpha, alpha_c)
