"""Between surfaces and full-range R'G'B' planes, BT.709. Premultiplied surfaces give premultiplied colours."""

import numpy as np

from gpu_tasks.engine.kernels.colour import RGB_TO_YUV_709, YUV_TO_RGB_709
from gpu_tasks.engine.kernels.cpu.sample import subsample, upsample
from gpu_tasks.engine.kernels.cpu.spare import spare
from gpu_tasks.engine.kernels.cpu.tone import Planes, matrix, weigh
from gpu_tasks.engine.surface import Surface

_RGB_FROM_OPAQUE = YUV_TO_RGB_709
_YUV_FROM_OPAQUE = np.hstack([RGB_TO_YUV_709[:, :3], RGB_TO_YUV_709[:, 3:] * 255])


def to_rgb(surface: Surface, out: Planes) -> Planes:
    """R', G' and B' (0-255, full size) of a surface, clipped to the gamut."""
    size = (surface.width, surface.height)
    u, v = surface.u, surface.v
    if surface.subsampling == 2:
        u = upsample(u, size, spare(surface.y.shape, np.uint8, 2))
        v = upsample(v, size, spare(surface.y.shape, np.uint8, 3))
    if surface.alpha is None:
        return matrix((surface.y, u, v), _RGB_FROM_OPAQUE, out)
    for row, plane in zip(_RGB_FROM_OPAQUE, out, strict=True):
        # The offsets of premultiplied code values are premultiplied, too.
        weigh((surface.y, u, v, surface.alpha), (*row[:3], row[3] / 255), 0, plane)
    return out


def from_rgb(rgb: Planes, out: Surface) -> Surface:
    """Fill the colour planes of `out`; where it has alpha, `rgb` is premultiplied by that very alpha."""
    shape = out.y.shape
    halved = out.subsampling == 2
    u = spare(shape, np.uint8, 4) if halved else out.u
    v = spare(shape, np.uint8, 5) if halved else out.v
    if out.alpha is None:
        matrix(rgb, _YUV_FROM_OPAQUE, (out.y, u, v))
    else:
        for row, plane in zip(RGB_TO_YUV_709, (out.y, u, v), strict=True):
            weigh((*rgb, out.alpha), tuple(row), 0, plane)
    if halved:
        subsample(u, out.u)
        subsample(v, out.v)
    return out
