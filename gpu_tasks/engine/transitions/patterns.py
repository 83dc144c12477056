"""Reveals by many pieces: bands, slices, blades, strokes, squares, or a grain of clouds."""

from typing import Final

import numpy as np

from gpu_tasks.engine.transitions.box import Box
from gpu_tasks.engine.transitions.noise import clouds
from gpu_tasks.engine.transitions.reveal import Grid, Raster, reveal

_BANDS: Final = 8
_SLICES: Final = 12
_BLADES: Final = 6
_SQUARES: Final = 9
_STROKES: Final = 128
"""So many delays of strokes there are before they repeat."""


@reveal("gradient_wipe", "A soft, cloudy front drifts across the picture.", 0.22, even=0.7)
def _gradient(at: Raster, box: Box) -> Grid:
    along = 0.5 + at.x / at.half_width / 4 - at.y / at.half_height / 4
    return np.asarray(along + 0.55 * clouds(at, box.random(), 2.2, 5), np.float32)


@reveal("band_wipe", "Horizontal bands cross the picture, by turns from the left and from the right.", 0.012)
def _bands(at: Raster, box: Box) -> Grid:
    band = np.floor((at.y / at.half_height + 1) / 2 * _BANDS)
    across = at.x / at.half_width
    # The bands set off one after the other, from the middle outwards.
    late = np.abs(band - (_BANDS - 1) / 2) / (_BANDS / 2)
    swept = np.where(band % 2 == 0, across, -across)
    return np.asarray(0.2 * late + 0.4 + 0.4 * swept, np.float32)


@reveal("window_slice", "Vertical slices open like blinds, in a wave from left to right.", 0.012)
def _slices(at: Raster, box: Box) -> Grid:
    share = (at.x / at.half_width + 1) / 2
    place = share * _SLICES
    late = np.floor(place) / (_SLICES - 1)
    return np.asarray(0.6 * late + 0.4 * (place - np.floor(place)) + 0 * at.y, np.float32)


@reveal("pinwheel", "The blades of a pinwheel turn the picture over.", 0.012, smooth=True)
def _pinwheel(at: Raster, box: Box) -> Grid:
    turns = np.arctan2(at.y, at.x) / (2 * np.pi) - 0.12 * np.hypot(at.x, at.y) / at.reach_px
    return np.mod(turns * _BLADES, 1)


@reveal("angular", "A hand sweeps once around the clock.", 0.004, smooth=True)
def _angular(at: Raster, box: Box) -> Grid:
    return np.mod(np.arctan2(at.x, -at.y) / (2 * np.pi), 1)


@reveal("crosshatch", "The picture is hatched in with crossing strokes of a pencil.", 0.04, even=0.8)
def _crosshatch(at: Raster, box: Box) -> Grid:
    random = box.random()
    strokes = [_hatching(at, random, degrees, late) for degrees, late in ((38, 0.0), (-47, 0.1), (84, 0.3))]
    return np.asarray(np.minimum.reduce(strokes), np.float32)


def _hatching(at: Raster, random: np.random.Generator, degrees: float, late: float) -> Grid:
    """Parallel strokes: each sets off at a time of its own, is drawn along its length, then swells into its neighbours.

    The earliest of the nearest strokes counts, which keeps the field free of jumps.
    """
    sin, cos = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    spacing_px = 20 * at.unit_px
    across = (at.y * cos - at.x * sin) / spacing_px
    along = (at.x * cos + at.y * sin) / at.reach_px
    delays = random.random(_STROKES, np.float32) * 0.3
    wobble = 0.12 * np.sin(along * 9 + across * 0.7)
    nearest = np.rint(across + wobble).astype(np.intp)
    drawn = 0.18 * (along + 1) / 2
    starts = [
        delays[(nearest + step) % _STROKES] + 0.5 * np.abs(across + wobble - (nearest + step)) for step in (-1, 0, 1)
    ]
    return np.asarray(late + drawn + np.minimum.reduce(starts), np.float32)


@reveal(
    "squares_wire", "Squares grow out of a grid until its wires are gone, from one corner to the other.", 0.03, even=0.6
)
def _squares(at: Raster, box: Box) -> Grid:
    cell_px = 2 * min(at.half_width, at.half_height) / _SQUARES
    cells_x, cells_y = at.x / cell_px, at.y / cell_px
    inside = np.maximum(np.abs(cells_x - np.rint(cells_x)), np.abs(cells_y - np.rint(cells_y))) * 2
    # The wires stay for a while before they close.
    grown = np.interp(inside, [0, 0.86, 0.861, 1], [0, 0.62, 0.82, 1]).astype(np.float32)
    along = 0.5 + at.x / at.half_width / 4 + at.y / at.half_height / 4
    return np.asarray(0.5 * along + 0.5 * grown, np.float32)
