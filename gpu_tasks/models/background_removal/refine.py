"""A rough coverage made to follow the picture: the guided filter with a colour guide.

He, Sun, Tang: "Guided Image Filtering" (2013), equations 19 to 21; the coefficients are found on a reduced picture and
applied to the full one, as in He, Sun: "Fast Guided Filter" (2015).

OpenCV's own guided filter is not used: with a guide of floats between 0 and 1 and an ε as small as ours it silently
returns a plain blur.
"""

import cv2
import numpy as np

from gpu_tasks.models.background_removal.planes import Pixels, Plane, bounded_size, resized, resized_rgb
from gpu_tasks.models.step import Rgb

WORKING_SIDE_PX = 512
_WIDE_RADIUS_PX, _NARROW_RADIUS_PX = 10, 4
_EPSILON = 1e-4
# Index pairs of a symmetric 3×3 matrix, upper triangle.
_RR, _RG, _RB, _GG, _GB, _BB = range(6)
_PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))


def refine(coverage: Plane, rgb: Rgb) -> Plane:
    """`coverage`, of any size and stretched over `rgb`, at the size of `rgb` and along its edges: 0 to 1.

    Twice: a wide window finds edges that the coverage missed by some pixels, and leaves a haze around them. What it
    is nearly sure of is made sure, and a narrow window finds the soft edges again.
    """
    size = bounded_size(rgb.shape[1], rgb.shape[0], WORKING_SIDE_PX)
    small = resized_rgb(rgb, size)
    found = filtered(resized(coverage, size), small, small, _WIDE_RADIUS_PX)
    return stretched(filtered(stretched(found, 0.15), small, rgb, _NARROW_RADIUS_PX), 0.02)


def carried(coverage: Plane, rgb: Rgb, side_px: int, radius_px: int) -> Plane:
    """`coverage` whose edges are right already, at the size of `rgb`: filtered once, on a picture of `side_px`."""
    size = bounded_size(rgb.shape[1], rgb.shape[0], side_px)
    return stretched(filtered(resized(coverage, size), resized_rgb(rgb, size), rgb, radius_px), 0.02)


def filtered(coverage: Plane, small: Rgb, rgb: Rgb, radius_px: int) -> Plane:
    """The guided filter with coefficients found on `small`, which has the size of `coverage`, applied to `rgb`."""
    guide = small.astype(np.float32) / 255
    return applied(*coefficients(guide, coverage, radius_px, _EPSILON), rgb)


def stretched(matte: Plane, margin: float) -> Plane:
    """0 up to `margin` and 1 from 1 − `margin` on, straight between."""
    return np.clip((matte - np.float32(margin)) / np.float32(1 - 2 * margin), 0, 1)


def coefficients(guide: Pixels, coverage: Plane, radius_px: int, epsilon: float) -> tuple[tuple[Plane, ...], Plane]:
    """The three slopes and the offset of the guided filter, averaged over the windows that a pixel lies in.

    `epsilon` is a variance of the guide, whose range is 0 to 1: edges of less contrast are smoothed over.
    """
    window = (2 * radius_px + 1,) * 2

    def mean(of: Plane) -> Plane:
        return np.asarray(cv2.blur(of, window, borderType=cv2.BORDER_REFLECT), np.float32)

    channels = [np.ascontiguousarray(guide[..., index]) for index in range(3)]
    means, middle = [mean(channel) for channel in channels], mean(coverage)
    covariance = [
        mean(np.multiply(channels[i], channels[j])) - means[i] * means[j] + (epsilon if i == j else 0.0)
        for i, j in _PAIRS
    ]
    together = [
        mean(np.multiply(channel, coverage)) - own * middle for channel, own in zip(channels, means, strict=True)
    ]
    slopes = _solved(covariance, together)
    offset = middle - np.einsum("chw,chw->hw", slopes, means)
    return tuple(mean(slope) for slope in slopes), mean(offset)


def applied(slopes: tuple[Plane, ...], offset: Plane, rgb: Rgb) -> Plane:
    """The filter's linear model at the full size of `rgb`, not clipped."""
    size = rgb.shape[1], rgb.shape[0]
    matte = resized(offset, size)
    for index, slope in enumerate(slopes):
        matte += resized(slope, size) * (rgb[..., index] * np.float32(1 / 255))
    return matte


def _solved(m: list[Plane], v: list[Plane]) -> tuple[Plane, Plane, Plane]:
    """M⁻¹ v for a symmetric positive 3×3 matrix at every pixel, by cofactors."""
    rr, rg, rb = m[_GG] * m[_BB] - m[_GB] ** 2, m[_GB] * m[_RB] - m[_RG] * m[_BB], m[_RG] * m[_GB] - m[_GG] * m[_RB]
    gg, gb, bb = m[_RR] * m[_BB] - m[_RB] ** 2, m[_RG] * m[_RB] - m[_RR] * m[_GB], m[_RR] * m[_GG] - m[_RG] ** 2
    determinant = m[_RR] * rr + m[_RG] * rg + m[_RB] * rb
    return (
        (rr * v[0] + rg * v[1] + rb * v[2]) / determinant,
        (rg * v[0] + gg * v[1] + gb * v[2]) / determinant,
        (rb * v[0] + gb * v[1] + bb * v[2]) / determinant,
    )
