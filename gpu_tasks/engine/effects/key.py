"""Keying: a range of colours becomes transparent.

Hue, saturation and lightness are those of HSL (Joblove & Greenberg 1978; CSS Color Level 4, 7). With `o` the offsets
of R', G', B' from luma, which depend on (Cb, Cr) alone (Rec. ITU-R BT.709-6, 3.3), hue and chroma = max o − min o are
functions of (Cb, Cr), and lightness is luma + (max o + min o) / 2. So the key is exact, but for rounding, without any
R'G'B' plane: hue and chroma at chroma size, lightness and saturation at luma size.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects._overlay import smoothstep
from gpu_tasks.engine.effects._tone import codes
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.kernels.colour import KB, KG, KR, RGB_TO_YUV_709
from gpu_tasks.engine.premultiplication import straightened
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.timeline.request import ChromaSettings
from gpu_tasks.timeline.transforms import translation

HUE_SOFTNESS: Final = 18.0
"""Degrees beyond the range in which the key fades out."""
SATURATION_SOFTNESS: Final = 0.10
LIGHTNESS_SOFTNESS: Final = 0.06
FAINT_CHROMA: Final = (0.05, 0.13)
"""Chroma below which a colour has no hue to speak of, and from which on it has."""
SECTOR: Final = 60.0
WIDEST_SPILL: Final = 180.0
"""A range of more degrees than this has no one colour that could spill."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Tables:
    """Tables of 256 × 256, but for `opacity` (256).

    By (U, V): `hue` how much the key wants it, `chroma`, `lift` (lightness − luma, about 128), the freed `u` and `v`,
    and `spill`, the luma that leaves with the spill. `lightness` by (Y, lift), `gate` by (chroma, lightness).
    """

    hue: Plane
    chroma: Plane
    lift: Plane
    lightness: Plane
    gate: Plane
    opacity: Plane
    u: Plane
    v: Plane
    spill: Plane


@effect("chroma_key", "Makes a range of colours transparent, with soft edges, and takes its spill off what stays.")
def chroma_key(picture: Surface, amount: float, moment: Moment) -> Surface:
    """Colours within `chroma_settings` become transparent; the hue range may wrap around 360°."""
    if amount <= 0:
        return picture
    k, scratch = moment.k, moment.scratch
    tables = scratch.kept(("tables", repr(moment.chroma), amount), lambda: _uploaded(moment, amount))
    plain = straightened(k, scratch, picture)
    y, u, v = plain.y, plain.u, plain.v
    out = scratch.surface("out", picture, alpha=True)
    alpha, alpha_c = out.alphas()[:2]
    assert alpha is not None
    assert alpha_c is not None
    _opacity(y, u, v, picture, tables, moment, alpha)
    if alpha_c is not alpha:
        k.subsample(alpha, alpha_c)
    spill = _at_luma_size("spill", _looked_up("spill-c", u, v, tables.spill, moment), picture, moment)
    k.multiply(k.subtract(y, spill, out.y), alpha, out.y)
    for table, target in ((tables.u, out.u), (tables.v, out.v)):
        k.multiply(k.by_table(u, v, table, target), alpha_c, target)
    return out


def _opacity(y: Plane, u: Plane, v: Plane, picture: Surface, tables: _Tables, moment: Moment, out: Plane) -> None:
    """What the key leaves, times the alpha that was there."""
    k, scratch = moment.k, moment.scratch
    hue, chroma, lift = (
        _at_luma_size(name, _looked_up(f"{name}-c", u, v, table, moment), picture, moment)
        for name, table in (("hue", tables.hue), ("chroma", tables.chroma), ("lift", tables.lift))
    )
    lightness = k.by_table(y, lift, tables.lightness, scratch.plane("lightness", y.shape))
    gate = k.by_table(chroma, lightness, tables.gate, scratch.plane("gate", y.shape))
    k.lut(k.multiply(hue, gate, gate), tables.opacity, out)
    if picture.alpha is not None:
        k.multiply(out, picture.alpha, out)


def _looked_up(name: str, u: Plane, v: Plane, table: Plane, moment: Moment) -> Plane:
    return moment.k.by_table(u, v, table, moment.scratch.plane(name, u.shape))


def _at_luma_size(name: str, plane: Plane, picture: Surface, moment: Moment) -> Plane:
    """A plane of chroma samples, between which luma samples interpolate: enlarged about their centres, then moved by
    half a luma sample to where they are sited."""
    if picture.subsampling == 1:
        return plane
    k, scratch, size = moment.k, moment.scratch, (picture.width, picture.height)
    large = k.enlarge(plane, size, smooth=True, out=scratch.plane("large", picture.y.shape))
    return k.warp(large, translation(-0.5, 0), size, hold_edges=True, out=scratch.plane(name, picture.y.shape))


def _uploaded(moment: Moment, amount: float) -> _Tables:
    tables = _tables(moment.chroma, amount)
    return _Tables(*(moment.k.upload(getattr(tables, name)) for name in _Tables.__slots__))


def _tables(settings: ChromaSettings, amount: float) -> _Tables:
    code: Values = np.arange(256, dtype=np.float64)
    cb, cr = (code[:, None] - 128) / 224, (code[None, :] - 128) / 224
    red, blue = np.broadcast_to(2 * (1 - KR) * cr, (256, 256)), np.broadcast_to(2 * (1 - KB) * cb, (256, 256))
    green = -(KR * red + KB * blue) / KG
    highest, lowest = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    chroma, hue = highest - lowest, _hue(red, green, blue)
    spill, (luma, spill_u, spill_v) = _spill(hue, chroma, settings, amount)
    wanted = 255 * _within_hues(hue, settings) * _has_hue(chroma, settings)
    return _Tables(
        hue=codes(wanted),
        chroma=codes(255 * chroma),
        lift=codes(128 + 255 * (highest + lowest) / 2),
        lightness=codes(np.asarray(255 * (code[:, None] - 16) / 219 + code[None, :] - 128, np.float64)),
        gate=codes(255 * _gate(code[:, None] / 255, code[None, :] / 255, settings)),
        opacity=codes(255 * (1 - amount * np.clip((code / 255 - 0.03) / 0.94, 0, 1))),
        u=codes(code[:, None] - spill * spill_u),
        v=codes(code[None, :] - spill * spill_v),
        spill=codes(spill * luma),
    )


def _hue(red: Values, green: Values, blue: Values) -> Values:
    """Degrees 0-360 on the HSL hexagon; 0 for greys."""
    highest, lowest = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    chroma = np.maximum(highest - lowest, 1e-9)
    sector = np.select(
        [highest == red, highest == green],
        [(green - blue) / chroma % 6, (blue - red) / chroma + 2],
        (red - green) / chroma + 4,
    )
    return np.asarray(SECTOR * sector)


def _width(settings: ChromaSettings) -> float:
    """Degrees from hue_min up to hue_max, through 360 where hue_max is the lower one."""
    gap = settings.hue_max - settings.hue_min
    return gap if gap >= 0 else gap + 360


def _within_hues(hue: Values, settings: ChromaSettings) -> Values:
    """1 within the range, 0 from `HUE_SOFTNESS` beyond it."""
    half = _width(settings) / 2
    return np.asarray(1 - smoothstep(0, HUE_SOFTNESS, _away(hue, settings) - half))


def _away(hue: Values, settings: ChromaSettings) -> Values:
    """Degrees (0-180) from the middle of the range."""
    middle = settings.hue_min + _width(settings) / 2
    return np.asarray(np.abs((hue - middle + 180) % 360 - 180))


def _has_hue(chroma: Values, settings: ChromaSettings) -> Values:
    """Greys have no hue; they are keyed only when every hue is."""
    return np.ones_like(chroma) if _width(settings) >= 360 else smoothstep(*FAINT_CHROMA, chroma)


def _gate(chroma: Values, lightness: Values, settings: ChromaSettings) -> Values:
    """1 within the ranges of saturation and lightness, falling softly beyond."""
    room = 1 - np.abs(2 * lightness - 1)
    saturation = np.clip(chroma / np.maximum(room, 1 / 255), 0, 1)
    saturated = _soft_range(saturation, settings.sat_min / 100, settings.sat_max / 100, SATURATION_SOFTNESS)
    return saturated * _soft_range(lightness, settings.lum_min / 100, settings.lum_max / 100, LIGHTNESS_SOFTNESS)


def _soft_range(value: Values, low: float, high: float, softness: float) -> Values:
    return np.asarray(smoothstep(low - softness, low, value) * (1 - smoothstep(high, high + softness, value)))


def _spill(hue: Values, chroma: Values, settings: ChromaSettings, amount: float) -> tuple[Values, tuple[Any, ...]]:
    """How much of the key's pure colour (0-1) each colour gives up, and that colour's Y, U and V in code values.

    For a green screen: what green has above the larger of red and blue, so that greys become neutral again. For other
    hues the same on the hexagon turned by the difference.
    """
    if _width(settings) > WIDEST_SPILL:
        return np.zeros_like(chroma), (0.0, 0.0, 0.0)
    middle = (settings.hue_min + _width(settings) / 2) % 360
    pure = np.clip(np.abs((middle / SECTOR + np.array([0, 4, 2])) % 6 - 3) - 1, 0, 1)
    share = np.clip(1 - _away(hue, settings) / SECTOR, 0, 1)
    return amount * chroma * share, tuple(RGB_TO_YUV_709[:, :3] @ pure * 255)
