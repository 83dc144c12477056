"""The CPU time that a frame takes: our networks, and the compact network of Real-ESRGAN."""

import time

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.super_resolution.quality import Way
from gpu_tasks.models.step import Rgb
from gpu_tasks.models.super_resolution.enlarge import from_tensor, to_tensor
from gpu_tasks.models.super_resolution.network import channels_last

WIDTH_PX, HEIGHT_PX = 640, 360
_COMPACT_FEATURES, _COMPACT_DEPTH, _COMPACT_SCALE = 64, 16, 4


class Compact(nn.Module):
    """The layers of Real-ESRGAN's compact network (Wang et al., 2021), 64 × 16, ×4, random weights: for its speed."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, _COMPACT_FEATURES, 3, padding=1), nn.PReLU(_COMPACT_FEATURES)]
        for _ in range(_COMPACT_DEPTH):
            layers += [nn.Conv2d(_COMPACT_FEATURES, _COMPACT_FEATURES, 3, padding=1), nn.PReLU(_COMPACT_FEATURES)]
        layers.append(nn.Conv2d(_COMPACT_FEATURES, 3 * _COMPACT_SCALE**2, 3, padding=1))
        self.body = nn.Sequential(*layers)

    def forward(self, rgb: Tensor) -> Tensor:
        """N × 3 × height × width to four times the size."""
        details: Tensor = functional.pixel_shuffle(self.body(rgb), _COMPACT_SCALE)
        return details + functional.interpolate(rgb, scale_factor=_COMPACT_SCALE, mode="nearest")


def compact() -> Way:
    """The compact network from a picture to a picture, in the memory layout that suits it best."""
    network = channels_last(Compact().eval())

    @torch.inference_mode()
    def enlarge(rgb: Rgb) -> Rgb:
        return from_tensor(network(to_tensor([rgb])))[0]

    return enlarge


def frame(seed: int = 0) -> Rgb:
    """A frame of 640 × 360."""
    noise = np.random.default_rng(seed).integers(0, 256, (HEIGHT_PX, WIDTH_PX, 3))
    return noise.astype(np.uint8)


def interleaved_ms(ways: dict[str, Way], rounds: int) -> dict[str, float]:
    """The least CPU milliseconds of each way to enlarge a frame; taken in turns, so that load falls on all of them."""
    least = dict.fromkeys(ways, float("inf"))
    picture = frame()
    for way in ways.values():
        way(picture)
    for _ in range(rounds):
        for name, way in ways.items():
            before_s = time.process_time()
            way(picture)
            least[name] = min(least[name], 1000 * (time.process_time() - before_s))
    return least
