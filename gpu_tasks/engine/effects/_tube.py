"""The glass of a picture tube: its bulge, its dark edge, and the pattern of its lines and stripes."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects._overlay import grid, smoothstep
from gpu_tasks.engine.effects._tone import codes
from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.kernels.colour import KB, KG, KR
from gpu_tasks.engine.surface import BLACK_Y, Plane, Surface

FINEST_FIELD = 192
LUMA: Final = np.array([KR, KG, KB])

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tube:
    """`bulge`: how much further out than the edge's middle a corner looks, as a share of the half axes. `corner`: the
    radius of its corners as a share of the shorter side. `shade`, `shade_units`: darkness towards the edge, and from
    how far. `line_units`, `line_depth`: period of the dark lines and how dark they are (0-1). `stripe_units`,
    `stripe_depth`: period of the red, green and blue stripes, and how little of the other two colours each shows."""

    bulge: float
    corner: float
    shade: float
    shade_units: float
    line_units: float
    line_depth: float
    stripe_units: float = 6.0
    stripe_depth: float = 0.0


@dataclass(frozen=True, slots=True)
class Pattern:
    """Masks (0-255) at luma and chroma size: how dark the tube is, and what its stripes add to and take from U and V,
    as shares of luma."""

    dark: Plane
    dark_c: Plane
    stripes: tuple[tuple[Plane, Plane], ...]


def bulged(picture: Surface, tube: Tube, amount: float, moment: Moment, name: str) -> Surface:
    """The picture on curved glass; what lies beyond its edge is for `darken` to hide."""
    k, scratch = moment.k, moment.scratch
    size = (picture.width, picture.height)

    def make() -> Any:
        x, y = _places((min(size[1], FINEST_FIELD), min(size[0], FINEST_FIELD)))
        dx, dy = x * y * y * tube.bulge * amount * size[0] / 2, y * x * x * tube.bulge * amount * size[1] / 2
        return k.field(dx.astype(np.float32), dy.astype(np.float32), size, picture.subsampling)

    field = scratch.kept(("bulge", tube, amount, size, picture.subsampling), make)
    return k.displace(picture, field, scratch.surface(name, picture))


def _places(shape: tuple[int, int]) -> tuple[Values, Values]:
    """x and y of samples from −1 to 1."""
    x, y = grid(shape)
    return np.asarray(2.0 * x - 1, np.float64), np.asarray(2.0 * y - 1, np.float64)


def pattern(picture: Surface, tube: Tube, amount: float, moment: Moment) -> Pattern:
    k, unit, s = moment.k, moment.unit_px, picture.subsampling

    def make() -> Pattern:
        luma = k.upload(codes(255 * _dark(picture.y.shape, 1, tube, amount, unit)))
        chroma = luma if s == 1 else k.upload(codes(255 * _dark(picture.u.shape, s, tube, amount, unit)))
        stripes = _stripes(picture.u.shape, s, tube, amount, unit) if tube.stripe_depth else ()
        return Pattern(
            luma, chroma, tuple((k.upload(codes(255 * part)), k.upload(codes(-255 * part))) for part in stripes)
        )

    return moment.scratch.kept(("pattern", tube, amount, picture.y.shape, s, unit), make)


def darken(picture: Surface, masks: Pattern, moment: Moment) -> None:
    """Lay the pattern over a premultiplied picture, in place."""
    k, scratch = moment.k, moment.scratch
    for (plane, _, black), alpha, mask in zip(
        picture.planes(), picture.alphas(), (masks.dark, masks.dark_c, masks.dark_c), strict=True
    ):
        k.toward_by(plane, alpha, black, mask, plane)
    if not masks.stripes:
        return
    light = scratch.plane("light", picture.u.shape)
    k.shrink(picture.y, (light.shape[1], light.shape[0]), light)
    k.lut(light, scratch.kept("above-black", lambda: k.upload(codes(np.arange(256.0) - BLACK_Y))), light)
    for plane, (more, less) in zip((picture.u, picture.v), masks.stripes, strict=True):
        shown = scratch.plane("shown", plane.shape)
        k.add(plane, k.multiply(light, more, shown), plane)
        k.subtract(plane, k.multiply(light, less, shown), plane)
        if picture.alpha_c is not None:
            k.darken(plane, picture.alpha_c, plane)


def lines(length: int, step: int, period_px: float) -> Values:
    """Darkness (0-1, ½ on average) of rows of `step` luma rows each: a raised cosine, averaged exactly over the row.

    So lines too fine for the picture fade into an even grey and never into moiré.
    """
    middles = step * np.arange(length) + (step - 1) / 2
    return np.asarray(0.5 + 0.5 * np.sinc(step / period_px) * np.cos(2 * np.pi * middles / period_px))


def _dark(shape: tuple[int, ...], step: int, tube: Tube, amount: float, unit: float) -> Values:
    """1 − the light that comes through the lines, the stripes and the edge of the tube."""
    height, width = shape
    line = 1 - amount * tube.line_depth * lines(height, step, tube.line_units * unit)
    stripe = _triads(width, step, tube, amount, unit) @ LUMA
    edge = _edge((height, width), step, tube, amount, unit)
    return np.asarray(1 - line[:, None] * stripe[None, :] * edge)


def _triads(width: int, step: int, tube: Tube, amount: float, unit: float) -> Values:
    """width × 3: how much of red, green and blue each column shows; stripes too fine to be drawn fade away."""
    period = tube.stripe_units * unit / step
    visible = float(smoothstep(1.7, 2.8, np.array(period)))
    columns = np.arange(width)[:, None] - period * np.arange(3)[None, :] / 3
    wave = 0.5 + 0.5 * np.sinc(1 / max(period, 1e-3)) * np.cos(2 * np.pi * columns / max(period, 1e-3))
    return np.asarray(1 - amount * tube.stripe_depth * visible * (1 - wave))


def _stripes(shape: tuple[int, ...], step: int, tube: Tube, amount: float, unit: float) -> tuple[Values, Values]:
    """What the stripes add to U and V of a grey, as shares of its luma code (Rec. ITU-R BT.709-6, 3.3)."""
    shown = _triads(shape[1], step, tube, amount, unit)
    luma = shown @ LUMA
    blue, red = ((shown[:, channel] - luma) / (2 * (1 - weight)) for channel, weight in ((2, KB), (0, KR)))
    u, v = (np.repeat((part * 224 / 219)[None, :], shape[0], axis=0) for part in (blue, red))
    return u, v


def _edge(shape: tuple[int, int], step: int, tube: Tube, amount: float, unit: float) -> Values:
    """Light (0-1) within the tube's outline, falling off towards it."""
    x, y = _places(shape)
    half_width, half_height = shape[1] * step / 2, shape[0] * step / 2
    bulge = tube.bulge * amount
    across, down = np.abs(x * (1 + bulge * y * y)) * half_width, np.abs(y * (1 + bulge * x * x)) * half_height
    radius = tube.corner * amount * 2 * min(half_width, half_height)
    out_x, out_y = np.maximum(across - half_width + radius, 0), np.maximum(down - half_height + radius, 0)
    within = np.maximum(across - half_width, down - half_height)
    inside = -np.where((out_x > 0) & (out_y > 0), np.hypot(out_x, out_y) - radius, within)
    shade = 1 - tube.shade * amount * (1 - smoothstep(0, tube.shade_units * unit, inside)) ** 2
    covered = np.clip(inside / max(1.5 * unit, 1.0) + 0.5, 0, 1)
    return np.asarray((1 - amount * (1 - covered)) * shade)
