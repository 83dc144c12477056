"""Print: pictures as dots of ink on paper."""

import math

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects._planes import mixed
from gpu_tasks.engine.effects.base import EffectFunction, Moment, effect
from gpu_tasks.engine.kernels.colour import yuv_of
from gpu_tasks.engine.surface import Plane, Surface

Values = NDArray[np.float64]
Colour = tuple[int, int, int]

CELL_UNITS = 9.0
SMOOTHING = 0.3
"""Radius, as a share of the cell, over which tones are averaged so that dots stay round."""
RIM_PX = 0.8
PAPER: Colour = (252, 250, 244)
WHITE: Colour = (250, 250, 250)
SCREENS_DEGREES = (15.0, 75.0, 0.0)
"""The angles at which cyan, magenta and yellow are traditionally screened, so that they make rosettes, not moiré."""
INKS: tuple[Colour, Colour, Colour] = ((6, 190, 236), (234, 36, 154), (252, 236, 62))
SINGLE_DEGREES = 45.0
SINGLE_INKS: dict[str, Colour] = {"blue": (24, 54, 168), "green": (8, 104, 62), "red": (196, 24, 36)}


@effect("cc_halftone", "Printed in colour: dots of cyan, magenta and yellow ink on paper.")
def cc_halftone(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    k, scratch = moment.k, moment.scratch
    rgb = k.to_rgb(picture, scratch.planes("rgb", picture.y.shape))
    tones = scratch.planes("tones", picture.y.shape)
    for plane, tone in zip(rgb, tones, strict=True):
        _averaged(plane, picture.alpha, moment, tone)
    k.matrix(tones, np.linalg.inv(_INKED)[:3], rgb)
    for plane, degrees in zip(rgb, SCREENS_DEGREES, strict=True):
        _screen(plane, degrees, moment)
    k.matrix(rgb, _INKED[:3], rgb)
    printed = _blank_sheet(picture, moment)
    if picture.alpha is not None:
        for plane in rgb:
            k.multiply(plane, picture.alpha, plane)
    k.from_rgb(rgb, printed)
    return mixed(k, picture, printed, amount, printed)


def _in_one_ink(ink: Colour) -> EffectFunction:
    """Dots of a single ink, after luma alone."""

    def halftone(picture: Surface, amount: float, moment: Moment) -> Surface:
        if amount <= 0:
            return picture
        k, scratch = moment.k, moment.scratch
        full_range, *inking = scratch.kept("tables", lambda: [k.upload(table) for table in _single_tables(ink)])
        sheet = _averaged(picture.y, picture.alpha, moment, scratch.plane("sheet", picture.y.shape))
        _screen(k.lut(sheet, full_range, sheet), SINGLE_DEGREES, moment)
        printed = _blank_sheet(picture, moment)
        small = sheet
        if picture.subsampling == 2:
            small = k.subsample(sheet, scratch.plane("small sheet", picture.u.shape))
        for (plane, _, _), source, table in zip(printed.planes(), (sheet, small, small), inking, strict=True):
            k.lut(source, table, plane)
        for (plane, _, _), alpha in zip(printed.planes(), printed.alphas(), strict=True):
            if alpha is not None:
                k.multiply(plane, alpha, plane)
        return mixed(k, picture, printed, amount, printed)

    return halftone


for _name, _ink in SINGLE_INKS.items():
    effect(f"cc_halftone_{_name}", f"Printed in one ink: {_name} dots on white paper.")(_in_one_ink(_ink))


def _blank_sheet(picture: Surface, moment: Moment) -> Surface:
    printed = moment.scratch.surface("printed", picture)
    printed.copy_alpha_from(picture)
    return printed


def _averaged(plane: Plane, alpha: Plane | None, moment: Moment, out: Plane) -> Plane:
    """The tone around each pixel; of premultiplied tones, the straight tone of what is there."""
    k, radius_px = moment.k, round(SMOOTHING * CELL_UNITS * moment.unit_px)
    if alpha is None:
        return k.box(plane, radius_px, radius_px, hold_edges=True, out=out)
    cover = k.box(alpha, radius_px, radius_px, hold_edges=True, out=moment.scratch.plane("cover", plane.shape))
    mean = k.box(plane, radius_px, radius_px, hold_edges=True, out=moment.scratch.plane("mean", plane.shape))
    return k.divide(mean, cover, out)


def _screen(plane: Plane, degrees: float, moment: Moment) -> None:
    """Turn a plane of tones, in place, into paper (255) and dots (0)."""
    k, cell_px = moment.k, CELL_UNITS * moment.unit_px
    gain = max(1.0, cell_px / (2 * RIM_PX))
    key = ("thresholds", plane.shape, degrees, moment.unit_px)
    thresholds = moment.scratch.kept(key, lambda: k.upload(_thresholds(plane.shape, degrees, cell_px, gain)))
    k.weigh((plane, thresholds), (gain, -gain), 127.5, plane)


def _thresholds(shape: tuple[int, ...], degrees: float, cell_px: float, gain: float) -> Plane:
    """A turned grid of hills: tones below a threshold are inked, and the inked area is proportional to the tone.

    The margin at both ends leaves room for the rim of the dots, so that white stays paper and black has no holes.
    """
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x = (np.arange(shape[1]) - shape[1] / 2)[None, :] * (2 * math.pi / cell_px)
    heights, ranks = _hill_ranks()
    margin = 127.5 / gain
    out = np.empty(shape, np.uint8)
    for top in range(0, shape[0], 256):
        y = (np.arange(top, min(top + 256, shape[0])) - shape[0] / 2)[:, None] * (2 * math.pi / cell_px)
        hills = np.cos(cos * x + sin * y) + np.cos(cos * y - sin * x)
        out[top : top + 256] = np.rint(margin + (255 - 2 * margin) * np.interp(hills, heights, ranks))
    return out


def _hill_ranks() -> tuple[Values, Values]:
    """What share of the plane lies below each height of cos + cos."""
    wave = np.cos(np.arange(256) * (2 * math.pi / 256))
    heights = np.sort((wave[:, None] + wave[None, :]).ravel())[::64]
    return heights, np.linspace(0, 1, len(heights))


def _inked() -> Values:
    """4 × 4, homogeneous: planes of cyan, magenta and yellow (255 = none, 0 = full) to R'G'B', where white is paper.

    The inverse says how much of each ink a colour takes, as no ink absorbs one primary alone.
    """
    paper, inks = np.array(PAPER, np.float64), np.array(INKS, np.float64)
    removed = (paper - inks).T
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = removed / 255, paper - removed.sum(axis=1)
    return matrix


def _single_tables(ink: Colour) -> list[Plane]:
    """Luma to full range; then from ink (0) and paper (255) to luma, Cb and Cr."""
    share = np.arange(256)[:, None] / 255
    print_yuv = np.array(yuv_of(*ink)) * (1 - share) + np.array(yuv_of(*WHITE)) * share
    full_range = np.clip((np.arange(256) - 16) * 255 / 219, 0, 255)
    return [np.rint(table).astype(np.uint8) for table in (full_range, *print_yuv.T)]


_INKED = _inked()
