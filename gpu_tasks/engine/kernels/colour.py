"""Colour matrices of the project's surfaces."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

# Rec. ITU-R BT.709-6: luma weights (3.2) and 8-bit narrow-range quantisation (3.4).
KR, KB = 0.2126, 0.0722
KG: Final = 1 - KR - KB


def _matrix() -> NDArray[np.float64]:
    luma = np.array([KR, KG, KB])
    cb = (np.array([0.0, 0.0, 1.0]) - luma) / (2 * (1 - KB))
    cr = (np.array([1.0, 0.0, 0.0]) - luma) / (2 * (1 - KR))
    rows = np.stack([luma * 219 / 255, cb * 224 / 255, cr * 224 / 255])
    # Fourth column: offsets times alpha, which makes the result premultiplied like its input.
    offsets = np.array([[16 / 255], [128 / 255], [128 / 255]])
    return np.hstack([rows, offsets])


RGB_TO_YUV_709: Final = _matrix()
"""3 × 4: premultiplied RGBA (0-255) to premultiplied Y'CbCr code values."""


def _inverse() -> NDArray[np.float64]:
    rows = np.linalg.inv(RGB_TO_YUV_709[:, :3])
    return np.hstack([rows, -rows @ RGB_TO_YUV_709[:, 3:] * 255])


YUV_TO_RGB_709: Final = _inverse()
"""3 × 4: opaque code values to R'G'B' (0-255); the last column is added."""


def yuv_of(red: int, green: int, blue: int) -> tuple[int, int, int]:
    """The limited-range BT.709 code values of an 8-bit colour."""
    y, u, v = np.rint(RGB_TO_YUV_709 @ np.array([red, green, blue, 255.0])).astype(int)
    return int(y), int(u), int(v)
