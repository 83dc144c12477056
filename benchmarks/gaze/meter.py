"""How far an iris lies from where it was in the undisplaced photograph: by registration, without any landmarks.

The disc of the original iris, as far as the lids show it, is laid over the other picture, at last in steps of a tenth
of a pixel; the place of the least squared difference counts.
"""

from typing import Final

import cv2
import numpy as np

from benchmarks.gaze.portrait import Plane, Portrait, TrueEye
from gpu_tasks.models.step import Rgb

_DISC: Final = 1.2
_RANGE: Final = 0.6
_STEPS_PX: Final = (2.0, 0.5, 0.1)
_LEAST_SEEN: Final = 0.4


def offset_of(portrait: Portrait, picture: Rgb, pan_px: tuple[float, float] = (0.0, 0.0)) -> tuple[float, float]:
    """How far both irises moved against the photograph, in the mean and in D: (right, down).

    `pan_px` is where the photograph's origin lies in the picture.
    """
    moves = [_registered(eye, portrait.rgb, picture, pan_px) for eye in portrait.eyes]
    right, down = np.mean([np.divide(m, e.diameter_px) for m, e in zip(moves, portrait.eyes, strict=True)], axis=0)
    return float(right), float(down)


def psnr_of_strip(portrait: Portrait, picture: Rgb) -> float:
    """Of both eyes and what lies between them, against the photograph, in dB."""
    left, top, width, height = portrait.strip
    part = np.s_[top : top + height, left : left + width]
    error = np.mean((portrait.rgb[part].astype(np.float64) - picture[part]) ** 2)
    return float(10 * np.log10(255**2 / max(float(error), 1e-9)))


def _registered(eye: TrueEye, photograph: Rgb, picture: Rgb, pan_px: tuple[float, float]) -> tuple[float, float]:
    template = _grey(eye.cut(photograph))
    weight = eye.lids * (eye.lids > 0.9) * (eye.distance() <= _DISC * eye.radius_px)
    part, inset = _surroundings(eye, picture, pan_px)
    place, reach = (0.0, 0.0), _RANGE * eye.diameter_px
    for step in _STEPS_PX:
        grid = np.arange(-np.ceil(reach / step), np.ceil(reach / step) + 1) * step
        moves = ((place[0] + x, place[1] + y) for x in grid for y in grid)
        place = min((_cost(eye, template, weight, part, inset, move), move) for move in moves)[1]
        reach = step
    return place


def _surroundings(eye: TrueEye, picture: Rgb, pan_px: tuple[float, float]) -> tuple[Plane, tuple[float, float]]:
    """The eye's box with room for every move, and where the box begins in it."""
    room = int(np.ceil(_RANGE * eye.diameter_px)) + 4
    x, y = eye.box[0] + pan_px[0], eye.box[1] + pan_px[1]
    left, top = max(0, int(x) - room), max(0, int(y) - room)
    part = picture[top : int(y) + eye.box[3] + room, left : int(x) + eye.box[2] + room]
    return _grey(part.astype(np.float64)), (x - left, y - top)


def _cost(
    eye: TrueEye, template: Plane, weight: Plane, part: Plane, inset: tuple[float, float], move: tuple[float, float]
) -> float:
    seen = weight * _shifted(eye.lids, move, eye.box[2:])
    if seen.sum() < _LEAST_SEEN * weight.sum():
        return float("inf")
    there = _shifted(part, (inset[0] + move[0], inset[1] + move[1]), eye.box[2:])
    return float((seen * (there - template) ** 2).sum() / seen.sum())


def _shifted(plane: Plane, start: tuple[float, float], size: tuple[int, ...]) -> Plane:
    """A box of this size that begins at `start` in the plane."""
    matrix = np.array([[1, 0, start[0]], [0, 1, start[1]]], np.float64)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(plane, matrix, tuple(size), flags=flags))


def _grey(rgb: Plane) -> Plane:
    return np.asarray(rgb @ np.array([0.299, 0.587, 0.114]))
