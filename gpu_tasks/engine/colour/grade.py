"""Brightness, contrast, saturation, exposure and hue: one affine map of colours, in two passes over the picture.

All five are affine in R'G'B' and treat the three channels alike or turn them about the grey axis, so that luma and
chroma part ways: luma goes through one table, chroma through a scaled rotation. Where luma is driven out of its range,
chroma has to follow (what is black or white has no colour): then it goes by way of luma, R' and B', clipped there.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.colour.base import Stage
from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.kernels.colour import YUV_TO_RGB_709
from gpu_tasks.engine.surface import BLACK_Y, NEUTRAL_C, Surface

LUMA_RANGE = 219.0
WHITE_Y = 235
STOPS_AT_FULL = 2.0
DISPLAY_GAMMA = 2.2


@dataclass(frozen=True, slots=True)
class Grade:
    """The five values as the API has them, clamped, and what they come to. x is R', G' or B' as 0 to 1.

    - brightness b (−100…100): x + b/100.
    - contrast c (−100…100): (x − ½)·(1 + c/100) + ½.
    - saturation s (−100…100): the distance from luma times 1 + s/100.
    - exposure e (−100…100): ±2 stops at the ends. A gain of 2^(e/50) in linear light is one of 2^(e/50 / 2.2) of x.
    - hue_rotate h (−180…180): chroma turned by h degrees about grey, red by way of yellow towards green.
    """

    brightness: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0
    exposure: float = 0.0
    hue_rotate: float = 0.0

    @property
    def is_neutral(self) -> bool:
        return self == Grade()

    @property
    def moves_luma(self) -> bool:
        return bool(self.brightness or self.contrast or self.exposure)

    @property
    def _gain(self) -> float:
        return float(2 ** (self.exposure / 100 * STOPS_AT_FULL / DISPLAY_GAMMA))

    def luma(self) -> tuple[float, float]:
        """(factor, offset) of luma, 0 to 1 between black and white."""
        contrast = 1 + self.contrast / 100
        return self._gain * contrast, self._gain * (contrast * (self.brightness / 100 - 0.5) + 0.5)

    def chroma(self) -> NDArray[np.float64]:
        """The 2 × 2 map of (U, V) about neutral."""
        scale = self._gain * (1 + self.contrast / 100) * (1 + self.saturation / 100)
        turn = math.radians(self.hue_rotate)
        return scale * np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])

    def matrix(self) -> NDArray[np.float64]:
        """All of it as a 3 × 4 matrix of code values."""
        factor, offset = self.luma()
        weights = np.zeros((3, 4))
        weights[0] = (factor, 0, 0, BLACK_Y * (1 - factor) + offset * LUMA_RANGE)
        weights[1:, 1:3] = self.chroma()
        weights[1:, 3] = NEUTRAL_C - self.chroma().sum(axis=1) * NEUTRAL_C
        return weights


def grade_stage(grade: Grade) -> Stage:
    """The stage of a grade that is not neutral."""

    def apply(picture: Surface, moment: Moment) -> Surface:
        out = moment.scratch.surface("grade", picture)
        out.copy_alpha_from(picture)
        _grade_luma(grade, picture, out, moment)
        if grade.moves_luma:
            _grade_chroma_in_gamut(grade, picture, out, moment)
        else:
            _grade_chroma(grade, picture, out, moment)
        return out

    return Stage("grade", apply, straight=True)


def _grade_luma(grade: Grade, picture: Surface, out: Surface, moment: Moment) -> None:
    if not grade.moves_luma:
        moment.k.copy(picture.y, out.y)
        return
    table = moment.scratch.kept(("grade-luma", grade), lambda: moment.k.upload(_table(*grade.matrix()[0, [0, 3]])))
    moment.k.lut(picture.y, table, out.y)


def _table(factor: float, offset: float) -> NDArray[np.uint8]:
    values = np.arange(256) * factor + offset
    return np.asarray(np.clip(np.rint(values), BLACK_Y, WHITE_Y), np.uint8)


def _grade_chroma(grade: Grade, picture: Surface, out: Surface, moment: Moment) -> None:
    for row, target in zip(grade.matrix()[1:], (out.u, out.v), strict=True):
        moment.k.weigh((picture.u, picture.v), (row[1], row[2]), row[3], target)


def _grade_chroma_in_gamut(grade: Grade, picture: Surface, out: Surface, moment: Moment) -> None:
    """Chroma that gives R' and B' their clipped values, at chroma's own size.

    Luma keeps its table's value where single channels clip: what that costs, G' bears alone.
    """
    k, scratch = moment.k, moment.scratch
    shape = (picture.u.shape[0], picture.u.shape[1])
    luma = picture.y
    if picture.subsampling == 2:
        luma = k.shrink(picture.y, (shape[1], shape[0]), scratch.plane("grade-luma", shape))
    to_clipped = scratch.kept(("grade-matrix", grade), lambda: _LUMA_RED_BLUE @ _square(grade.matrix()))
    clipped = k.matrix((luma, picture.u, picture.v), to_clipped, scratch.planes("grade-clipped", shape))
    k.matrix(clipped, _TO_CHROMA, (scratch.plane("grade-left-over", shape), out.u, out.v))


def _square(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.vstack([weights, (0, 0, 0, 1)])


def _luma_red_blue() -> NDArray[np.float64]:
    """3 × 4: code values to luma, R' and B', each 0-255, so that all are clipped where they leave their range."""
    luma = np.array([255 / LUMA_RANGE, 0, 0, -BLACK_Y * 255 / LUMA_RANGE])
    return np.stack([luma, YUV_TO_RGB_709[0], YUV_TO_RGB_709[2]])


_LUMA_RED_BLUE = _luma_red_blue()
_TO_CHROMA = np.linalg.inv(_square(_LUMA_RED_BLUE))[:3]
