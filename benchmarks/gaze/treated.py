"""The displaced photograph made harder to read: what is left of the estimate in poor pictures and with other eyes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np

from benchmarks.gaze.displaced import displaced
from benchmarks.gaze.portrait import Portrait
from gpu_tasks.models.gaze.estimate import estimate_gaze
from gpu_tasks.models.gaze.mesh import FaceMesh
from gpu_tasks.models.step import Rgb

OFFSETS: Final = (-0.40, -0.25, 0.0, 0.25, 0.40)
_BLUE: Final = (95.0, 125.0, 150.0)
_FRAME: Final = (25, 20, 20)

Treatment = Callable[[Portrait, Rgb, float], Rgb]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one picture, in D; None where no face was found."""

    treatment: str
    offset: float
    read: float | None


def readings(portrait: Portrait) -> Iterator[Reading]:
    """Every treatment at every offset."""
    mesh = FaceMesh(1, still=True)
    try:
        for name, treat in TREATMENTS.items():
            for offset in OFFSETS:
                picture = treat(portrait, displaced(portrait, "shaded", offset), offset)
                faces = mesh.find(picture)
                yield Reading(name, offset, estimate_gaze(picture, faces[0]).offset if faces else None)
    finally:
        mesh.close()


def _scaled(*gains: float) -> Treatment:
    return lambda portrait, rgb, offset: _bytes(rgb * np.array(gains))


def _side_light(portrait: Portrait, rgb: Rgb, offset: float) -> Rgb:
    return _bytes(rgb * np.linspace(0.25, 1.1, rgb.shape[1])[None, :, None])


def _jpeg(portrait: Portrait, rgb: Rgb, offset: float) -> Rgb:
    _, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 30])
    decoded: Rgb = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return np.ascontiguousarray(decoded[..., ::-1])


def _blurred(portrait: Portrait, rgb: Rgb, offset: float) -> Rgb:
    blurred: Rgb = cv2.GaussianBlur(rgb, None, 3)
    return blurred


def _noisy(portrait: Portrait, rgb: Rgb, offset: float) -> Rgb:
    return _bytes(rgb + np.random.default_rng(0).normal(0, 15, rgb.shape))


def _blue_eyes(portrait: Portrait, rgb: Rgb, offset: float) -> Rgb:
    """Irises painted over, but for pupils and lids."""
    picture = rgb.astype(np.float64)
    for eye in portrait.eyes:
        left, top, width, height = eye.box
        far = eye.distance(offset * eye.diameter_px) / eye.radius_px
        paint = 0.8 * eye.lids * np.clip((1.2 - far) / 0.15, 0, 1) * np.clip((far - 0.45) / 0.15, 0, 1)
        part = picture[top : top + height, left : left + width]
        part += paint[..., None] * (np.array(_BLUE) - part)
    return _bytes(picture)


def _spectacles(portrait: Portrait, rgb: Rgb, offset: float) -> Rgb:
    """Dark frames without glasses in them."""
    picture, unit = rgb.copy(), portrait.diameter_px
    centres = [(round(eye.centre[0]), round(eye.centre[1] + 0.4 * unit)) for eye in portrait.eyes]
    width = max(1, round(unit / 3))
    for centre in centres:
        axes = round(2.7 * unit), round(2 * unit)
        cv2.ellipse(picture, centre, axes, 0, 0, 360, _FRAME, width, cv2.LINE_AA)
    (left, upper), (right, lower), reach = *centres, round(2.7 * unit)
    cv2.line(picture, (left + reach, upper), (right - reach, lower), _FRAME, width, cv2.LINE_AA)
    return picture


def _bytes(picture: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Rgb:
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


TREATMENTS: Final[Mapping[str, Treatment]] = MappingProxyType(
    {
        "as it is": _scaled(1, 1, 1),
        "a quarter of the light": _scaled(0.25, 0.25, 0.25),
        "darker and warmer": _scaled(0.55, 0.42, 0.35),
        "light from one side": _side_light,
        "JPEG at quality 30": _jpeg,
        "blurred, 3 pixels": _blurred,
        "noise, deviation 15": _noisy,
        "blue irises": _blue_eyes,
        "spectacle frames": _spectacles,
    }
)
