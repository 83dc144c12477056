"""Laying drawn things and light over pictures whose colours are not premultiplied (or that are opaque)."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects._tone import codes
from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.kernels import Kernels, Planes
from gpu_tasks.engine.kernels.colour import KB, KG, KR, RGB_TO_YUV_709
from gpu_tasks.engine.surface import Plane, Surface

Reals = NDArray[np.float32]

LUMA_WEIGHTS: Final = (KR, KG, KB)
MOST_CELLS: Final = 640
HAZE_SIGMA_CELLS: Final = 1.2


def repainted(picture: Surface, moment: Moment) -> Surface:
    """A copy of the picture in the effect's own memory, to be painted on."""
    out = moment.scratch.surface("out", picture)
    out.copy_from(picture)
    return out


def sprite_of(k: Kernels, rgba: NDArray[Any], subsampling: int) -> Surface:
    """A premultiplied surface of a premultiplied R'G'B'A picture (height × width × 4, 0-1)."""
    y, u, v = (np.asarray(rgba @ (255 * row).astype(np.float32)) for row in RGB_TO_YUV_709)
    alpha = rgba[..., 3] * 255.0
    if subsampling == 2:
        u, v = chroma_of(u), chroma_of(v)
    a = k.upload(codes(alpha))
    a_c = a if subsampling == 1 else k.upload(codes(chroma_of(alpha)))
    return Surface(k.upload(codes(y)), k.upload(codes(u)), k.upload(codes(v)), subsampling, a, a_c)


def chroma_of(plane: NDArray[Any]) -> NDArray[Any]:
    """Left-sited 4:2:0 samples of a plane: [1 2 1]/4 across, the mean of two rows down (H.264 table E-3, type 0)."""
    held = np.pad(plane, ((0, plane.shape[0] % 2), (1, 1)), mode="edge")
    across = (held[:, :-2] + 2 * held[:, 1:-1] + held[:, 2:])[:, ::2] / 4
    return np.asarray((across[::2] + across[1::2]) / 2)


def lay(k: Kernels, picture: Surface, sprite: Surface, left: int = 0, top: int = 0) -> None:
    """Lay a premultiplied sprite over a picture, in place; the picture's own alpha stays as it is.

    `left` and `top` are even at 4:2:0; what lies outside the picture is left out.
    """
    right, bottom = min(left + sprite.width, picture.width), min(top + sprite.height, picture.height)
    if right <= max(left, 0) or bottom <= max(top, 0):
        return
    below = picture.crop(max(left, 0), max(top, 0), right, bottom)
    above = sprite.crop(max(-left, 0), max(-top, 0), right - left, bottom - top)
    for (target, _, _), (colour, _, _), alpha in zip(below.planes(), above.planes(), above.alphas(), strict=True):
        assert alpha is not None
        k.over(target, colour, alpha)


def light_shape(picture: Surface, moment: Moment, cell_units: float) -> tuple[int, int]:
    """Height and width of the reduced planes that light is painted on: one sample for each `cell_units`, however long
    and thin the picture is never more than `MOST_CELLS` along a side."""
    longest = max(picture.width, picture.height)
    cell_px = max(1, round(cell_units * moment.unit_px), -(-longest // MOST_CELLS))
    return (-(-picture.height // cell_px), -(-picture.width // cell_px))


def shine(picture: Surface, light: Planes, amount: float, moment: Moment) -> Surface:
    """The picture with light screened over it: `light` holds R'G'B' planes (0-255) of any size that cover it.

    Each pixel becomes light + picture · (1 − luma of the light). On luma that is the screen blend (W3C Compositing
    Level 1, 9.1.3), so nothing darkens and nothing overflows, and colours lean towards that of the light; yet it is
    the `over` sum, which works on Y, U and V planes as they are.
    """
    k, scratch = moment.k, moment.scratch
    dimmed = scratch.planes("dimmed", light[0].shape)
    for plane, target in zip(light, dimmed, strict=True):
        k.fade(plane, amount, target)
    y, u, v = scratch.planes("light", light[0].shape)
    alpha = k.weigh(dimmed, LUMA_WEIGHTS, 0, scratch.plane("light-a", light[0].shape))
    k.from_rgb(dimmed, Surface(y, u, v, 1, alpha, alpha))
    out = repainted(picture, moment)
    for (target, _, _), colour in zip(out.planes(), (y, u, v), strict=True):
        size = (target.shape[1], target.shape[0])
        above = k.enlarge(colour, size, smooth=True, out=scratch.plane("above", target.shape))
        k.over(target, above, k.enlarge(alpha, size, smooth=True, out=scratch.plane("above-a", target.shape)))
    return out


def haze(plane: Plane, sigma_px: float, moment: Moment, out: Plane) -> Plane:
    """A blur for light, of about `sigma_px`: on a reduced plane, as nobody sees how exact it is. Edges are held."""
    k, scratch = moment.k, moment.scratch
    step = max(1, int(sigma_px / HAZE_SIGMA_CELLS))
    if step == 1:
        return k.gaussian(plane, sigma_px, hold_edges=True, out=out)
    shape = (-(-plane.shape[0] // step), -(-plane.shape[1] // step))
    small = k.shrink(plane, (shape[1], shape[0]), scratch.plane("small", shape))
    soft = k.gaussian(small, sigma_px / step, hold_edges=True, out=scratch.plane("soft", shape))
    return k.enlarge(soft, (plane.shape[1], plane.shape[0]), smooth=True, out=out)


def smoothstep(low: float, high: float, x: NDArray[Any]) -> NDArray[Any]:
    """0 below `low`, 1 above `high`, 3t² − 2t³ between."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def grid(shape: tuple[int, int]) -> tuple[Reals, Reals]:
    """x and y of sample centres, each as a share (0-1) of the plane's width and height."""
    x, y = np.meshgrid((np.arange(shape[1]) + 0.5) / shape[1], (np.arange(shape[0]) + 0.5) / shape[0])
    return x.astype(np.float32), y.astype(np.float32)


def cloudy(size: int, random: np.random.Generator, coarsest: float, slope: float = 1.6) -> Reals:
    """A square of seamlessly repeating noise between 0 and 1, its mean ½ and its deviation 0.2.

    Its amplitude falls as 1/frequency^slope for features smaller than `coarsest` samples.
    """
    white = np.fft.rfft2(random.standard_normal((size, size)))
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :])
    noise = np.fft.irfft2(white / np.maximum(frequency, 1 / coarsest) ** slope, s=(size, size))
    noise -= noise.mean()
    return np.asarray(np.clip(0.5 + noise / (5 * noise.std()), 0, 1), np.float32)
