"""The ways to enlarge that are compared."""

import torch
from PIL import Image

from benchmarks.super_resolution import linear
from benchmarks.super_resolution.quality import Way, interpolated
from gpu_tasks.models.step import Rgb
from gpu_tasks.models.super_resolution.colour import OnRgb
from gpu_tasks.models.super_resolution.enlarge import from_tensor, to_tensor
from gpu_tasks.models.super_resolution.network import LumaNetwork, channels_last

LANCZOS, LINEAR, CLEAN, ROBUST = "Lanczos", "linear 7 × 7", "clean", "robust"
BICUBIC = "bicubic"


def by_network(network: LumaNetwork, dtype: torch.dtype = torch.float32) -> Way:
    """The whole path from a picture to a picture, on the CPU."""
    model = channels_last(OnRgb(network).eval().to(dtype))

    @torch.inference_mode()
    def enlarge(rgb: Rgb) -> Rgb:
        return from_tensor(model(to_tensor([rgb])))[0]

    return enlarge


def bicubic(scale: int) -> Way:
    """Pillow's bicubic enlargement, which all gains are counted from."""
    return interpolated(scale, Image.Resampling.BICUBIC)


def lanczos(scale: int) -> Way:
    """Pillow's Lanczos enlargement."""
    return interpolated(scale, Image.Resampling.LANCZOS)


def simple_ways(scale: int) -> dict[str, Way]:
    """What needs no network."""
    weights = linear.fitted(scale)
    return {
        LANCZOS: lanczos(scale),
        LINEAR: lambda rgb: linear.enlarged(rgb, scale, weights),
    }
