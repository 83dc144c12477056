"""Between Y'CbCr planes and full-range R'G'B', BT.709 (Rec. ITU-R BT.709-6), premultiplied where there is alpha."""

import torch
from torch import Tensor

from gpu_tasks.engine.kernels.colour import RGB_TO_YUV_709, YUV_TO_RGB_709
from gpu_tasks.engine.kernels.definition.resize import subsample, upsample
from gpu_tasks.engine.kernels.definition.tone import Planes, weigh


def to_rgb(planes: Planes, alpha: Tensor | None, subsampling: int) -> Planes:
    """R', G' and B' at full size, clipped to 0-255."""
    y, u, v = planes
    if subsampling == 2:
        size = (y.shape[1], y.shape[0])
        u, v = upsample(u, size), upsample(v, size)
    red, green, blue = (_row((y, u, v), alpha, row).clamp(0, 255) for row in YUV_TO_RGB_709.tolist())
    return (red, green, blue)


def from_rgb(rgb: Planes, alpha: Tensor | None, subsampling: int) -> Planes:
    """Y', Cb and Cr, chroma at its own size."""
    rows = RGB_TO_YUV_709.copy()
    rows[:, 3] *= 255
    y, u, v = (_row(rgb, alpha, row) for row in rows.tolist())
    return (y, u, v) if subsampling == 1 else (y, subsample(u), subsample(v))


def _row(planes: Planes, alpha: Tensor | None, row: list[float]) -> Tensor:
    """The offset of a premultiplied colour is premultiplied, too."""
    if alpha is None:
        return weigh(planes, row[:3], row[3])
    return weigh((*planes, alpha), (*row[:3], row[3] / 255), 0)


def yuv_from_rgba(rgba: Tensor) -> Tensor:
    """Premultiplied RGBA (height × width × 4) to premultiplied full-size Y'CbCr (height × width × 3)."""
    return rgba @ torch.from_numpy(RGB_TO_YUV_709).to(rgba).T
