"""The photograph with its irises moved by known amounts, made in two ways.

Both cut the iris out, complete what the lids hid of it with the median colour at the same distance from its centre,
and close the white behind it with a local mean. *plain* lays the iris over the white, without any shadow of the lids.
*shaded* takes that shadow off first and puts it back where it was: under the upper lid iris and white are darker.

The lids do not follow the iris and the catch-lights move with it; in life it is the other way round.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np

from benchmarks.gaze.portrait import Plane, Portrait, TrueEye
from gpu_tasks.models.step import Rgb

_IRIS: Final = 1.2
"""Where the iris ends, in radii of the mesh, which draws it too small here."""
_SOFT: Final = 0.12
_RIM: Final = 1.15
"""From here on its own colour is mixed with the white: the disc that is moved goes on in the colour of its rim."""
_HOLE: Final = 1.35
_SHADOW_DEPTH: Final = 0.6
_SHADOW_BINS: Final = 8
_DARKEST_SHADOW: Final = 0.5

Displace = Callable[[TrueEye, Plane, float, float], Plane]


def displaced(portrait: Portrait, kind: str, right: float, down: float = 0.0) -> Rgb:
    """Both irises moved by so many diameters. `kind` is "plain" or "shaded"."""
    rgb = portrait.rgb.copy()
    for eye in portrait.eyes:
        old = eye.cut(portrait.rgb)
        new = GENERATORS[kind](eye, old, right * eye.diameter_px, down * eye.diameter_px)
        left, top, width, height = eye.box
        mixed = old + eye.lids[..., None] * (new - old)
        rgb[top : top + height, left : left + width] = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
    return rgb


def _plain(eye: TrueEye, old: Plane, right_px: float, down_px: float) -> Plane:
    return _layered(eye, _white(eye, old), _completed(eye, old), right_px, down_px)


def _shaded(eye: TrueEye, old: Plane, right_px: float, down_px: float) -> Plane:
    shadow = _lid_shadow(eye, old)[..., None]
    return shadow * _plain(eye, old / shadow, right_px, down_px)


GENERATORS: Final[Mapping[str, Displace]] = MappingProxyType({"plain": _plain, "shaded": _shaded})


def _layered(eye: TrueEye, white: Plane, iris: Plane, right_px: float, down_px: float) -> Plane:
    move = np.array([[1, 0, right_px], [0, 1, down_px]], np.float64)
    moved = cv2.warpAffine(iris, move, eye.box[2:], flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    alpha = _cover(eye.distance(right_px, down_px) / eye.radius_px)[..., None]
    return np.asarray(white + alpha * (moved - white))


def _cover(distance: Plane) -> Plane:
    return np.clip((_IRIS + _SOFT - distance) / (2 * _SOFT), 0, 1)


def _white(eye: TrueEye, old: Plane) -> Plane:
    """The eye without its iris: a weighted mean of the white around fills the hole."""
    distance = eye.distance() / eye.radius_px
    known = (eye.lids > 0.95) * (distance > _HOLE)
    blur = eye.radius_px / 2
    weight = cv2.GaussianBlur(known.astype(np.float64), None, blur) + 1e-6
    mean = cv2.GaussianBlur(old * known[..., None], None, blur) / weight[..., None]
    hidden = np.clip((_HOLE + 2 * _SOFT - distance) / (2 * _SOFT), 0, 1)[..., None]
    return np.asarray(old + hidden * (mean - old))


def _completed(eye: TrueEye, old: Plane) -> Plane:
    """The iris without lids before it: where they hide it, the median colour at that distance from its centre."""
    distance = np.minimum(eye.distance() / eye.radius_px, _RIM)
    seen = eye.lids > 0.95
    edges = np.linspace(0, _RIM, 13)
    rings = [old[seen & (distance >= low) & (distance < high)] for low, high in pairwise(edges)]
    colours = np.array([np.median(ring, axis=0) if len(ring) else np.full(3, np.nan) for ring in rings])
    middles = (edges[1:] + edges[:-1]) / 2
    good = ~np.isnan(colours[:, 0])
    filled = np.stack([np.interp(distance, middles[good], colours[good, c]) for c in range(3)], axis=2)
    shown = eye.lids * np.clip((_RIM - distance) / _SOFT, 0, 1)
    return np.asarray(filled + shown[..., None] * (old - filled))


def _lid_shadow(eye: TrueEye, old: Plane) -> Plane:
    """What the upper lid leaves of the light, by the depth under it, read from the white: 0.5 to 1."""
    depth = (eye.places[1] - eye.upper_edge) / eye.diameter_px
    white = (eye.lids > 0.95) & (eye.distance() > _HOLE * eye.radius_px)
    edges = np.linspace(0, _SHADOW_DEPTH, _SHADOW_BINS + 1)
    luma = old.mean(axis=2)
    bins = [luma[white & (depth >= low) & (depth < high)] for low, high in pairwise(edges)]
    levels = np.array([np.median(values) if len(values) else np.nan for values in bins])
    good = ~np.isnan(levels)
    middles = (edges[1:] + edges[:-1]) / 2
    light = np.interp(depth, middles[good], levels[good]) / np.nanmax(levels)
    return np.asarray(np.clip(light, _DARKEST_SHADOW, 1))
