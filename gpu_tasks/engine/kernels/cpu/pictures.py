"""Between RGBA pictures and surfaces."""

import cv2
import numpy as np

from gpu_tasks.engine.kernels.colour import RGB_TO_YUV_709
from gpu_tasks.engine.kernels.cpu.sample import subsample
from gpu_tasks.engine.surface import Plane, Surface


def from_rgba(rgba: Plane, subsampling: int, *, opaque: bool) -> Surface:
    """Premultiplied 8-bit RGBA (height × width × 4) as a premultiplied surface. BT.709 (Rec. ITU-R BT.709-6, 3.5)."""
    yuv = cv2.transform(rgba, RGB_TO_YUV_709)
    y, u, v = (np.ascontiguousarray(yuv[:, :, i]) for i in range(3))
    alpha = None if opaque else np.ascontiguousarray(rgba[:, :, 3])
    if subsampling == 1:
        return Surface(y, u, v, 1, alpha, alpha)
    return Surface(y, subsample(u), subsample(v), 2, alpha, None if alpha is None else subsample(alpha))


def premultiply(rgba: Plane) -> Plane:
    """Straight RGBA to premultiplied RGBA."""
    alpha = np.ascontiguousarray(rgba[:, :, 3])
    weights = cv2.merge([alpha, alpha, alpha, np.full_like(alpha, 255)])
    return cv2.multiply(rgba, weights, scale=1 / 255)


def resize_rgba(rgba: Plane, width: int, height: int) -> Plane:
    """Resize a picture: area mean when it shrinks, bicubic when it grows."""
    if rgba.shape[1] == width and rgba.shape[0] == height:
        return rgba
    shrinks = width * height < rgba.shape[0] * rgba.shape[1]
    return cv2.resize(rgba, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
