"""The photographs that no network of ours has seen, and what may have happened to them before."""

import io
from collections.abc import Callable

import numpy as np
import skimage.data
from PIL import Image

from gpu_tasks.models.step import Rgb

Degradation = Callable[[Rgb, int], Rgb]
"""A photograph and a scale to the small picture."""

_NOISE_SEED = 7


def photographs() -> dict[str, Rgb]:
    """The five, by name: photographs that scikit-image carries in its package."""
    named = {name: getattr(skimage.data, name)() for name in ("astronaut", "chelsea", "coffee", "rocket")}
    return named | {"motorcycle_left": _stereo_pair()[0]}


def _stereo_pair() -> tuple[Rgb, ...]:
    return skimage.data.stereo_motorcycle()  # type: ignore[no-untyped-call, no-any-return]


def cropped(rgb: Rgb, scale: int) -> Rgb:
    """The largest part, from the upper left corner, whose sides are multiples of the scale."""
    height, width = (side // scale * scale for side in rgb.shape[:2])
    return np.ascontiguousarray(rgb[:height, :width])


def resized(rgb: Rgb, width: int, height: int, kernel: Image.Resampling) -> Rgb:
    """By Pillow."""
    return np.asarray(Image.fromarray(rgb).resize((width, height), kernel))


def _reduced(kernel: Image.Resampling) -> Degradation:
    return lambda rgb, scale: resized(rgb, rgb.shape[1] // scale, rgb.shape[0] // scale, kernel)


def _jpeg(quality: int) -> Degradation:
    def degraded(rgb: Rgb, scale: int) -> Rgb:
        file = io.BytesIO()
        Image.fromarray(bicubic_reduced(rgb, scale)).save(file, "JPEG", quality=quality)
        return np.asarray(Image.open(file).convert("RGB"))

    return degraded


def _noisy(deviation: float) -> Degradation:
    def degraded(rgb: Rgb, scale: int) -> Rgb:
        small = bicubic_reduced(rgb, scale)
        noise = np.random.default_rng(_NOISE_SEED).normal(0, deviation, small.shape)
        return np.clip(np.round(small + noise), 0, 255).astype(np.uint8)

    return degraded


bicubic_reduced = _reduced(Image.Resampling.BICUBIC)

DEGRADATIONS: dict[str, Degradation] = {
    "bicubic": bicubic_reduced,
    "Lanczos": _reduced(Image.Resampling.LANCZOS),
    "bilinear": _reduced(Image.Resampling.BILINEAR),
    "box": _reduced(Image.Resampling.BOX),
    "JPEG 95": _jpeg(95),
    "JPEG 85": _jpeg(85),
    "JPEG 75": _jpeg(75),
    "JPEG 60": _jpeg(60),
    "JPEG 50": _jpeg(50),
    "JPEG 40": _jpeg(40),
    "noise 2": _noisy(2),
    "noise 5": _noisy(5),
    "noise 8": _noisy(8),
}
"""Reduced by Pillow's antialiasing kernels; JPEG and noise (Gaussian, levels of 255) after bicubic reduction."""
