"""A worn video tape: bleeding colours, soft and unsteady lines, noise, and a tracking error that rolls through."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects._lines import Noise, Slip, bands, noisy, slide, slipped, stretched
from gpu_tasks.engine.effects._overlay import smoothstep
from gpu_tasks.engine.effects._tone import codes
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.surface import Plane, Surface

SOFT_UNITS, RING_UNITS, RINGING = 1.6, 5.0, 0.45
"""Luma is blurred across by the first; the edges that a recorder sharpens ring over the second."""
BLEED_UNITS, LAG_UNITS = 11.0, 5.0
"""Colours are blurred across and come late, to the right."""
BAND_UNITS = 6.0
WOBBLE_UNITS, JITTER_UNITS = 1.3, 0.45
FLAG_UNITS, FLAG_HEIGHT_UNITS = 7.0, 26.0
"""How far the first lines bend, and how soon they are straight."""
TRACKING_S, TRACKING_UNITS, TRACKING_SHIFT_UNITS = 5.5, 64.0, 26.0
HEAD_UNITS, HEAD_SHIFT_UNITS = 16.0, 46.0
"""The lowest lines, where the recorder changes heads."""
STEPS_PER_SECOND = 30
"""How often the noise is renewed."""
WHITE_Y = 235
_INSTANT_S = 1e-6


@dataclass(frozen=True, slots=True)
class _Toward:
    """A grade that holds for premultiplied planes: each moves towards a code value by a share."""

    value: int
    share: float


GRADE: Final = (_Toward(92, 0.14), _Toward(124, 0.14), _Toward(133, 0.12))
"""Of Y, U and V: lifted blacks and dull whites, paler colours with a warm cast."""


@effect("vhs", "A worn tape: soft wobbling lines, bleeding colours, noise and a tracking error that rolls through.",
        animated=True)  # fmt: skip
def vhs(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    played = moment.scratch.surface("played", picture)
    played.copy_alpha_from(picture)
    _soften(picture, played, amount, moment)
    _bleed(picture, played, amount, moment)
    out = moment.scratch.surface("out", picture)
    slipped(moment.k, played, _slips(picture.height, amount, moment), out)
    _add_noise(out, amount, moment)
    for (plane, _, _), alpha, grade in zip(out.planes(), out.alphas(), GRADE, strict=True):
        moment.k.toward(plane, alpha, grade.value, grade.share * amount, plane)
    return out


def _soften(picture: Surface, out: Surface, amount: float, moment: Moment) -> None:
    k, unit, hold = moment.k, moment.unit_px, picture.is_opaque
    soft = k.box(picture.y, round(SOFT_UNITS * unit), 0, hold_edges=hold, out=moment.scratch.plane("soft", out.y.shape))
    wide = k.box(soft, round(RING_UNITS * unit), 0, hold_edges=hold, out=moment.scratch.plane("wide", out.y.shape))
    k.mix(wide, soft, 1 + RINGING, wide)
    k.mix(picture.y, wide, amount, out.y)
    if out.alpha is not None:
        k.darken(out.y, out.alpha, out.y)


def _bleed(picture: Surface, out: Surface, amount: float, moment: Moment) -> None:
    """Blur the colours across and delay them; with alpha, only as far as the picture's own colours go."""
    k, alpha = moment.k, picture.alpha_c
    coverage = None if alpha is None else _late(alpha, "coverage", amount, picture.subsampling, moment)
    for plane, target in ((picture.u, out.u), (picture.v, out.v)):
        late = _late(plane, "late", amount, picture.subsampling, moment)
        if coverage is not None and alpha is not None:
            k.multiply(k.divide(late, coverage, late), alpha, late)
        k.mix(plane, late, amount, target)


def _late(plane: Plane, name: str, amount: float, subsampling: int, moment: Moment) -> Plane:
    """A chroma plane, blurred and moved to the right."""
    k, px = moment.k, moment.unit_px / subsampling
    wide = k.box(plane, round(BLEED_UNITS * px), 0, hold_edges=True, out=moment.scratch.plane("wide-c", plane.shape))
    return slide(k, wide, LAG_UNITS * px * amount, moment.scratch.plane(name, plane.shape))


def _slips(height: int, amount: float, moment: Moment) -> list[Slip]:
    """How far each band of lines slips now."""
    unit, t = moment.unit_px, moment.time_s
    parts = bands(height, BAND_UNITS * unit)
    middles = np.array([(top + bottom) / 2 for top, bottom in parts]) / unit
    random = moment.random("jitter", _step(moment))
    head = HEAD_SHIFT_UNITS * random.uniform(0.5, 1.0)
    slip = WOBBLE_UNITS * (0.6 * np.sin(middles / 61 + 2.3 * t) + 0.4 * np.sin(middles / 23 - 5.1 * t))
    slip += JITTER_UNITS * random.standard_normal(len(parts))
    slip += FLAG_UNITS * np.exp(-middles / FLAG_HEIGHT_UNITS) * math.sin(1.7 * t + 0.6)
    slip += TRACKING_SHIFT_UNITS * _tracking(middles, height / unit, t) * random.uniform(0, 1.5, len(parts))
    slip += head * np.clip((middles - height / unit + HEAD_UNITS) / HEAD_UNITS, 0, 1)
    # Quarters of a pixel are as fine as anybody sees.
    shifts_px = np.round(slip * unit * amount * 4) / 4
    return [Slip(top, bottom, float(shift)) for (top, bottom), shift in zip(parts, shifts_px, strict=True)]


def _step(moment: Moment) -> int:
    return int((moment.time_s + _INSTANT_S) * STEPS_PER_SECOND)


def _tracking(places: NDArray[np.float64], height: float, time_s: float) -> NDArray[np.float64]:
    """The strength (0-1) of the tracking error at heights of the picture, all in units."""
    return np.asarray(1 - smoothstep(0, TRACKING_UNITS / 2, np.abs(places - _tracking_place(height, time_s))))


def _tracking_place(height: float, time_s: float) -> float:
    """It rises through the picture, and is out of it for a while."""
    return height * (1.25 - 1.6 * (time_s / TRACKING_S % 1))


def _add_noise(out: Surface, amount: float, moment: Moment) -> None:
    step, unit, s = _step(moment), moment.unit_px, out.subsampling
    noisy(out.y, out.alpha, Noise("luma", 5.5 * amount, 4.5 * unit, 1.4 * unit), step, moment)
    for name, plane in (("u", out.u), ("v", out.v)):
        noisy(plane, out.alpha_c, Noise(name, 3.2 * amount, 16 * unit / s, 2.2 * unit / s), step, moment)
    place = _tracking_place(out.height / unit, moment.time_s) * unit
    _streaks(out, place - TRACKING_UNITS * unit / 2, "tracking", TRACKING_UNITS, amount, moment)
    _streaks(out, out.height - HEAD_UNITS * unit, "head", 2 * HEAD_UNITS, amount, moment)


def _streaks(out: Surface, top: float, name: str, height_units: float, amount: float, moment: Moment) -> None:
    """White noise in a band of lines, which loses its colours there."""
    k, unit = moment.k, moment.unit_px
    rows = max(2, round(height_units * unit / 2) * 2)
    key = (name, rows, out.width, amount)
    luma, chroma = moment.scratch.kept(
        key, lambda: [k.upload(mask) for mask in _streak_masks(rows, out.width, out.subsampling, amount, moment)]
    )
    shift = int(moment.random(name, _step(moment)).integers(out.width // 2 + 1)) * 2
    start = round(top / 2) * 2
    first, last = max(start, 0), min(start + rows, out.height)
    if last <= first:
        return
    for (plane, step, _), alpha in zip(out.planes(), out.alphas(), strict=True):
        mask = luma if plane is out.y else chroma
        band, source = (
            slice(first // step, -(-last // step)),
            slice((first - start) // step, -(-(last - start) // step)),
        )
        window = mask[source, shift // step : shift // step + plane.shape[1]]
        value = WHITE_Y if plane is out.y else 128
        k.toward_by(plane[band], None if alpha is None else alpha[band], value, window, plane[band])


def _streak_masks(rows: int, width: int, subsampling: int, amount: float, moment: Moment) -> tuple[Plane, Plane]:
    """Strength of the noise at luma and at chroma size, wide enough to be shifted by a picture's width."""
    unit = moment.unit_px
    size = (rows, 2 * width + 2)
    white = moment.random("streaks", -1).standard_normal(size, dtype=np.float32)
    long = stretched(white, 13 * unit, 0.5 * unit)
    lines = moment.random("lines", -1).standard_normal((rows, 1)).astype(np.float32)
    long = long / max(float(long.std()), 1e-6) + 0.8 * stretched(lines, 0, 0.6 * unit)
    y = (np.arange(rows) + 0.5) / rows
    profile = (np.sin(np.pi * y) ** 1.5)[:, None]
    luma = codes(255 * amount * profile * np.clip(0.55 * long - 0.45, 0, 0.85))
    pale = codes(255 * amount * np.repeat(0.75 * profile, size[1], axis=1))
    return luma, pale[::subsampling, : -(-size[1] // subsampling)]
