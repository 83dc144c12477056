"""Palettes: colours along a scale, mixed the way the eye would."""

from typing import Final

import numpy as np

from gpu_tasks.engine.effects._tone import CODES, Tables, Values, codes
from gpu_tasks.engine.kernels.colour import RGB_TO_YUV_709
from gpu_tasks.engine.surface import Plane

Stops = tuple[tuple[float, str], ...]
"""(place 0-1, colour "#rrggbb"), places rising from 0 to 1."""

# Björn Ottosson, "A perceptual color space for image processing", 2020: linear sRGB → LMS, cube roots → Lab.
_LMS: Final = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB: Final = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def rgb_of(stops: Stops, places: Values) -> Values:
    """R'G'B' (n × 3, 0-1) at places along a palette, linear in Oklab between its stops."""
    at = np.array([place for place, _ in stops])
    colours = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for _, colour in stops]) / 255
    lab = np.cbrt(_linear(colours) @ _LMS.T) @ _LAB.T
    between = np.stack([np.interp(places, at, column) for column in lab.T], axis=-1)
    light = np.asarray((between @ np.linalg.inv(_LAB).T) ** 3 @ np.linalg.inv(_LMS).T, np.float64)
    return _encoded(light)


def _linear(encoded: Values) -> Values:
    """IEC 61966-2-1 (sRGB), to light."""
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def _encoded(linear: Values) -> Values:
    light = np.clip(linear, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def yuv_of(rgb: Values) -> Values:
    """Y'CbCr code values (n × 3, not rounded) of R'G'B' colours (n × 3, 0-1)."""
    return np.asarray(255 * (rgb @ RGB_TO_YUV_709[:, :3].T + RGB_TO_YUV_709[:, 3]))


def lookups(rgb: Values) -> tuple[Plane, Plane, Plane]:
    """256 R'G'B' colours as one table for each plane."""
    y, u, v = yuv_of(rgb).T
    return codes(y), codes(u), codes(v)


def toned(rgb: Values, amount: float) -> Tables:
    """Tables that give each luma code (256) its own R'G'B' colour, whatever its chroma was."""
    y, u, v = yuv_of(rgb).T
    return Tables(codes(CODES + amount * (y - CODES)), _toward(u, amount), _toward(v, amount))


def _toward(chroma: Values, amount: float) -> Plane:
    return codes(CODES[None, :] + amount * (chroma[:, None] - CODES[None, :]))
