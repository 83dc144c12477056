"""The colour of the person alone, where a pixel shows person and background together: without it a cut-out has a rim
of its old background.

Two passes of blur fusion: Forte, "Approximate Fast Foreground Colour Estimation" (ICIP 2021). The colours of person
and background around a pixel, weighted by the matte, are corrected by what the compositing equation leaves over.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from gpu_tasks.models.background_removal.planes import Pixels, Plane, resized, resized_rgb, shrunk_size
from gpu_tasks.models.step import Alpha, Rgb

# Radii as shares of the long side: 45 and 4 pixels at 1024. A blurred picture can be a small one.
_WIDE_RADIUS, _WIDE_SIDE_PX = 45 / 1024, 256
_NARROW_RADIUS, _NARROW_SIDE_PX = 4 / 1024, 640
_FAINT = np.float32(1e-4)


@dataclass(frozen=True, slots=True)
class _Sides:
    """What person and background look like around each pixel, each as if the other were not there."""

    person: Pixels
    background: Pixels


def person_colours(rgb: Rgb, matte: Alpha) -> Rgb:
    """`rgb` with the background's share taken out of the pixels that `matte` (height × width, 0 to 255) covers in part.

    Covered pixels stay as they are. Uncovered ones take the colour of the person nearby, and black farther away, so
    that scaling or compressing the picture later brings no background back.
    """
    size = rgb.shape[1], rgb.shape[0]
    sides = _around(rgb, matte)
    person = resized_rgb(_bytes(sides.person), size)
    background = resized_rgb(_bytes(sides.background), size)
    person = with_covered(person, rgb, matte)
    mixed = (matte > 0) & (matte < 255)
    person[mixed] = _bytes(_corrected(rgb[mixed], person[mixed], background[mixed], matte[mixed]))
    return person


def with_covered(person: Rgb, rgb: Rgb, matte: Alpha) -> Rgb:
    """`person` with the pixels of `rgb` that are covered in full; may write into `person`."""
    covered = (matte == 255).astype(np.uint8)
    return np.asarray(cv2.copyTo(rgb, covered, person), np.uint8)


def _corrected(rgb: Rgb, person: Rgb, background: Rgb, matte: Alpha) -> Pixels:
    """Forte's equation 7 for a list of pixels, 0 to 1."""
    share = matte[..., None].astype(np.float32) / 255
    seen, own, behind = (np.float32(1 / 255) * colours for colours in (rgb, person, background))
    return np.asarray(own + share * (seen - share * own - (1 - share) * behind), np.float32)


def _around(rgb: Rgb, matte: Alpha) -> _Sides:
    wide = _pass(rgb, matte, None, _WIDE_RADIUS, _WIDE_SIDE_PX)
    return _pass(rgb, matte, wide, _NARROW_RADIUS, _NARROW_SIDE_PX)


def _pass(rgb: Rgb, matte: Alpha, earlier: _Sides | None, radius: float, side_px: int) -> _Sides:
    """One pass at a size of its own; the first knows nothing better than the picture itself for both sides."""
    size = shrunk_size(rgb.shape[1], rgb.shape[0], side_px)
    seen = resized_rgb(rgb, size).astype(np.float32) / 255
    share = resized_rgb(matte, size).astype(np.float32) / 255
    radius_px = max(1, round(radius * max(size)))
    if earlier is None:
        nothing = np.zeros_like(seen)
        return _Sides(_mean(seen, share, radius_px, nothing), _mean(seen, 1 - share, radius_px, nothing))
    person, background = (resized(of, size) for of in (earlier.person, earlier.background))
    left = seen - share[..., None] * person - (1 - share[..., None]) * background
    return _Sides(
        _mean(person + share[..., None] * left, share, radius_px, person),
        _mean(background + (1 - share[..., None]) * left, 1 - share, radius_px, background),
    )


def _mean(colours: Pixels, weight: Plane, radius_px: int, otherwise: Pixels) -> Pixels:
    """The mean colour in a window around each pixel, each pixel counting by its weight; `otherwise` where none does."""
    window = (2 * radius_px + 1,) * 2
    total = cv2.blur(colours * weight[..., None], window, borderType=cv2.BORDER_REFLECT)
    weights = cv2.blur(weight, window, borderType=cv2.BORDER_REFLECT)[..., None]
    return np.asarray((total + _FAINT * otherwise) / (weights + _FAINT), np.float32)


def _bytes(colours: Pixels) -> Rgb:
    return np.clip(colours * 255 + 0.5, 0, 255).astype(np.uint8)
