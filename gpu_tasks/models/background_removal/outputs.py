"""What is made of a matte: transparency, the matte itself, a flat colour or a blurred background behind people.

Pictures are put together in R'G'B' as it is stored, not in linear light, like those of every editor.
"""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.models.background_removal.colours import person_colours, with_covered
from gpu_tasks.models.background_removal.matte import Cut
from gpu_tasks.models.background_removal.planes import Pixels, Plane, resized_rgb, shrunk_size
from gpu_tasks.models.step import Alpha, Frame, Rgb

Colour = tuple[int, int, int, int]
"""Red, green, blue and alpha, 0 to 255 each."""
Output = Callable[[Frame, Cut], Frame]

_BLUR_SIDE_PX = 480
_BLUR_SIGMA = 0.02
# Around people the background shows their colour: soft edges, motion blur, chroma at half size.
_KEPT_OFF = 0.012
# A pixel does not count any more where one nearby is covered by a third.
_REPELS = 3
_FAINT = np.float32(1e-3)
_TINY = np.float32(1e-6)
_SHARES = np.arange(256, dtype=np.float32) / 255


def transparent(frame: Frame, cut: Cut) -> Frame:
    """People on transparency, in their own colours."""
    return replace(frame, rgb=_people(frame, cut), alpha=_share(frame, cut), changed=None)


def matte(frame: Frame, cut: Cut) -> Frame:
    """The matte, white on black."""
    return replace(frame, rgb=np.dstack([_share(frame, cut)] * 3), alpha=None, changed=None)


def over_colour(colour: Colour) -> Output:
    """People on a flat colour; the frames have an alpha where the colour does not cover everything."""

    def output(frame: Frame, cut: Cut) -> Frame:
        people, share = _people(frame, cut), _share(frame, cut)
        if colour[3] < 255:
            rgb, alpha = over_veil(people, share, colour)
            return replace(frame, rgb=rgb, alpha=alpha, changed=None)
        return replace(frame, rgb=over(people, share, _flat(share, colour)), alpha=None, changed=None)

    return output


def over_blurred(frame: Frame, cut: Cut) -> Frame:
    """People on what lies behind them, blurred. An alpha of the source stays as it is."""
    behind = blurred_background(frame.rgb, cut.matte, frame.alpha)
    return replace(frame, rgb=over(_people(frame, cut), cut.matte, behind), changed=None)


def over(people: Rgb, share: Alpha, behind: Rgb) -> Rgb:
    """`people` over an opaque picture."""
    return _mixed(people, share, behind, _SHARES)


def over_veil(people: Rgb, share: Alpha, colour: Colour) -> tuple[Rgb, Alpha]:
    """`people` over a colour that lets light through: colours, straight, and alpha."""
    both = _SHARES + (1 - _SHARES) * np.float32(colour[3] / 255)
    weights = _SHARES / np.maximum(both, _TINY)
    return _mixed(people, share, _flat(share, colour), weights), np.round(both * 255).astype(np.uint8)[share]


def _mixed(people: Rgb, share: Alpha, behind: Rgb, weights: NDArray[np.float32]) -> Rgb:
    """`people` counting by `weights` of their share, 0 to 255. Only pixels that are covered in part are computed."""
    result = with_covered(behind.copy(), people, share)
    partial = (share > 0) & (share < 255)
    weight = weights[share[partial]][:, None]
    result[partial] = np.round(people[partial] * weight + behind[partial] * (1 - weight)).astype(np.uint8)
    return result


def blurred_background(rgb: Rgb, matte: Alpha, alpha: Alpha | None = None) -> Rgb:
    """The picture blurred as if the people, or whatever is transparent, were not there: their colours do not bleed.

    A Gaussian of 2 % of the long side; each pixel counts by how much background it shows. Next to people pixels
    hardly count at all, except where there are no others; far from any it is the mean colour.
    """
    size = shrunk_size(rgb.shape[1], rgb.shape[0], _BLUR_SIDE_PX)
    weight = _background_weight(matte, size)
    if alpha is not None:
        weight *= resized_rgb(alpha, size) / np.float32(255)
    sigma_px = max(0.5, _BLUR_SIGMA * max(size))
    seen = resized_rgb(rgb, size).astype(np.float32)
    total, weights = _blurred(seen * weight[..., None], sigma_px), _blurred(weight, sigma_px)[..., None]
    mean = np.einsum("hwc,hw->c", seen, weight) / np.maximum(weight.sum(), _TINY)
    blurred = (total + _TINY * mean) / (weights + _TINY)
    return resized_rgb(np.clip(blurred + 0.5, 0, 255).astype(np.uint8), (rgb.shape[1], rgb.shape[0]))


def _background_weight(matte: Alpha, size: tuple[int, int]) -> Plane:
    small = resized_rgb(matte, size)
    reach_px = max(1, round(_KEPT_OFF * max(size)))
    near = cv2.dilate(small, np.ones((2 * reach_px + 1,) * 2, np.uint8))
    away = np.clip(1 - near * np.float32(_REPELS / 255), 0, 1)
    return np.asarray(away + _FAINT * (1 - small * np.float32(1 / 255)), np.float32)


def _blurred(of: Plane | Pixels, sigma_px: float) -> Plane | Pixels:
    return np.asarray(cv2.GaussianBlur(of, (0, 0), sigma_px, borderType=cv2.BORDER_REFLECT), np.float32)


def _flat(share: Alpha, colour: Colour) -> Rgb:
    return np.broadcast_to(np.array(colour[:3], np.uint8), (*share.shape, 3))


def _people(frame: Frame, cut: Cut) -> Rgb:
    return person_colours(frame.rgb, cut.matte) if cut.person is None else cut.person


def _share(frame: Frame, cut: Cut) -> Alpha:
    """The matte, within what the source itself shows."""
    if frame.alpha is None:
        return cut.matte
    return np.asarray((cut.matte.astype(np.uint32) * frame.alpha + 127) // 255, np.uint8)
