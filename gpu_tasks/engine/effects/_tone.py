"""Tone: curves, and grades as tables of luma and chroma.

A grade is thought of as three curves for R', G' and B', the way film stocks are drawn, but works on Y'CbCr planes.
With R' = Y' + 2(1 − KR)·Cr and B' = Y' + 2(1 − KB)·Cb (Rec. ITU-R BT.709-6, 3.3) the new Cr is a function of luma and
Cr alone, the new Cb one of luma and Cb, if the new luma is that of the grey of the same luma: two tables of 256 × 256.
So greys, reds and blues follow their curves exactly, and luma keeps its gradation whatever the colour.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.kernels.colour import KB, KG, KR
from gpu_tasks.engine.surface import Plane, Surface

Values = NDArray[np.float64]
Points = tuple[tuple[float, float], ...]
"""(input, output) in 0-1, inputs rising."""

STRAIGHT: Points = ((0.0, 0.0), (1.0, 1.0))
EVEN: Points = ((0.0, 1.0), (1.0, 1.0))
CODES = np.arange(256, dtype=np.float64)
LUMA = np.clip((CODES - 16) / 219, 0, 1)
"""Luma 0-1 of each code value."""
CHROMA = (CODES - 128) / 224
"""Colour difference −0.5-0.5 of each code value."""


@dataclass(frozen=True, slots=True)
class Grade:
    """Curves of the three primaries, and the saturation that each luma keeps.

    `twist` turns (Cb, Cr) before the curves: the rows of a 2 × 2 matrix.
    """

    red: Points = STRAIGHT
    green: Points = STRAIGHT
    blue: Points = STRAIGHT
    saturation: Points = EVEN
    twist: tuple[tuple[float, float], tuple[float, float]] | None = None


@dataclass(frozen=True, slots=True)
class Tables:
    """`y` by luma code; `u` and `v` (256 × 256) by luma code, then by their own."""

    y: Plane
    u: Plane
    v: Plane


def curve(points: Points, x: Values) -> Values:
    """The smooth curve through `points` that overshoots nowhere (Fritsch & Carlson 1980), flat outside of them."""
    xs, ys = (np.array(column, np.float64) for column in zip(*points, strict=True))
    width = np.diff(xs)
    secant = np.diff(ys) / width
    tangent = np.concatenate([secant[:1], _inner_tangents(secant), secant[-1:]])
    x = np.clip(x, xs[0], xs[-1])
    index = np.clip(np.searchsorted(xs, x, side="right") - 1, 0, len(width) - 1)
    t, h = (x - xs[index]) / width[index], width[index]
    # The cubic Hermite basis.
    start = (1 + 2 * t) * (1 - t) ** 2 * ys[index] + t * (1 - t) ** 2 * h * tangent[index]
    end = t**2 * (3 - 2 * t) * ys[index + 1] - t**2 * (1 - t) * h * tangent[index + 1]
    return np.asarray(start + end)


def _inner_tangents(secant: Values) -> Values:
    """Harmonic means of neighbouring secants, 0 where these differ in sign."""
    before, after = secant[:-1], secant[1:]
    alike = before * after > 0
    return np.where(alike, 2 * before * after / np.where(alike, before + after, 1), 0)


def codes(values: Values) -> Plane:
    """Rounded to code values."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def luma_table(values: Values, amount: float) -> Plane:
    """A table of new luma (0-1 for each luma code), mixed with the old by `amount`."""
    return codes(CODES + amount * (16 + 219 * values - CODES))


def chroma_table(values: Values, amount: float) -> Plane:
    """A table of new colour differences (256 × 256 by luma code and their own), mixed with the old."""
    return codes(CODES + amount * (128 + 224 * values - CODES))


def tables_of(grade: Grade, amount: float) -> Tables:
    """What `graded` looks up."""
    red, green, blue = (curve(points, LUMA) for points in (grade.red, grade.green, grade.blue))
    luma = KR * red + KG * green + KB * blue
    keep = curve(grade.saturation, LUMA)
    u = _difference(grade.blue, luma, blue, keep, 2 * (1 - KB))
    v = _difference(grade.red, luma, red, keep, 2 * (1 - KR))
    return Tables(luma_table(luma, amount), chroma_table(u, amount), chroma_table(v, amount))


def _difference(points: Points, luma: Values, grey: Values, keep: Values, scale: float) -> Values:
    """New Cb or Cr by luma code and old one: the tint of the grey plus the colour, as saturated as may be."""
    primary = curve(points, LUMA[:, None] + scale * CHROMA[None, :])
    return np.asarray(((grey - luma)[:, None] + keep[:, None] * (primary - grey[:, None])) / scale)


def graded(picture: Surface, moment: Moment, grade: Grade, amount: float, name: str = "graded") -> Surface:
    """The picture (straight, if it has alpha) in the colours of a grade: the scratch's surface `name`."""
    tables = moment.scratch.kept(("grade", grade, amount), lambda: uploaded(tables_of(grade, amount), moment))
    if grade.twist is not None:
        picture = _twisted(picture, moment, grade.twist, amount)
    return by_tables(picture, moment, tables, name)


def uploaded(tables: Tables, moment: Moment) -> Tables:
    """The tables where the kernels can read them."""
    upload = moment.k.upload
    return Tables(upload(tables.y), upload(tables.u), upload(tables.v))


def by_tables(picture: Surface, moment: Moment, tables: Tables, name: str) -> Surface:
    """Every pixel looked up; alpha is that of the picture."""
    k = moment.k
    out = moment.scratch.surface(name, picture, alpha=False)
    luma = luma_of_chroma(picture, moment)
    k.lut(picture.y, tables.y, out.y)
    k.by_table(luma, picture.u, tables.u, out.u)
    k.by_table(luma, picture.v, tables.v, out.v)
    return with_alpha(out, picture)


def luma_of_chroma(picture: Surface, moment: Moment) -> Plane:
    """The luma of each chroma sample."""
    if picture.subsampling == 1:
        return picture.y
    rows, columns = picture.u.shape
    return moment.k.shrink(picture.y, (columns, rows), moment.scratch.plane("luma-of-chroma", (rows, columns)))


def with_alpha(colours: Surface, picture: Surface) -> Surface:
    """The colour planes of one surface under the alpha of another."""
    return Surface(colours.y, colours.u, colours.v, colours.subsampling, picture.alpha, picture.alpha_c)


def mixed(picture: Surface, look: Surface, amount: float, moment: Moment, name: str = "mixed") -> Surface:
    """The picture at 0, the look at 1, sums in between; alpha is that of the picture."""
    if amount >= 1:
        return with_alpha(look, picture)
    out = moment.scratch.surface(name, picture, alpha=False)
    for (old, _, _), (new, _, _), (target, _, _) in zip(picture.planes(), look.planes(), out.planes(), strict=True):
        moment.k.mix(old, new, amount, target)
    return with_alpha(out, picture)


def _twisted(
    picture: Surface, moment: Moment, twist: tuple[tuple[float, float], tuple[float, float]], amount: float
) -> Surface:
    """The chroma through a 2 × 2 matrix about grey; the luma stays."""
    weights = np.eye(3, 4)
    weights[1:, 1:3] += amount * (np.array(twist) - np.eye(2))
    weights[1:, 3] = 128 * (1 - weights[1:, 1:3].sum(axis=1))
    shape = picture.u.shape
    planes = moment.scratch.planes("twisted", shape)
    _, u, v = moment.k.matrix((luma_of_chroma(picture, moment), picture.u, picture.v), weights, planes)
    return Surface(picture.y, u, v, picture.subsampling, picture.alpha, picture.alpha_c)
