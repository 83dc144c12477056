"""The network of our own: a compact stack of convolutions on luma that adds what bicubic interpolation misses."""

import functools
from dataclasses import dataclass
from typing import TypeVar, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

M = TypeVar("M", bound=nn.Module)
KEYS_A = -0.5
"""The parameter of the cubic kernel (Keys, Cubic convolution interpolation for digital image processing, 1981)."""
_REACH = 2
"""Bicubic interpolation reads two pixels to either side of the one that it enlarges, for any whole scale."""
_LAST_LAYER_DEVIATION = 1e-3
_PRELU_SLOPE = 0.25


@dataclass(frozen=True, slots=True)
class Shape:
    """What sets the size of the network: `depth` inner layers of `features` channels, `scale` times larger out."""

    scale: int
    features: int = 32
    depth: int = 8


class LumaNetwork(nn.Module):
    """Luma enlarged by a whole factor: PixelShuffle (Shi et al., 2016) of a stack of 3×3 convolutions with PReLU.

    Takes N × 1 × height × width luma, 0–1, and gives N × 1 × scale·height × scale·width, not clipped. The bicubic
    base is reckoned in float32 whatever the type of the weights, so a half-precision stack only rounds the details.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.body = nn.Sequential(*_layers(shape))

    @property
    def reach_px(self) -> int:
        """How far a pixel's influence goes, in source pixels: one for every convolution."""
        return self.shape.depth + 2

    def forward(self, luma: Tensor) -> Tensor:
        """The enlarged luma, float32."""
        return self.smooth(luma) + self.details(luma)

    def smooth(self, luma: Tensor) -> Tensor:
        """Bicubic interpolation of luma, the edges continued outwards."""
        padded = functional.pad(luma.float(), (_REACH,) * 4, mode="replicate")
        return functional.pixel_shuffle(
            functional.conv2d(padded, _kernel_on(luma.device, self.shape.scale)), self.shape.scale
        )

    def details(self, luma: Tensor) -> Tensor:
        """What the network adds to that; the stack runs in the type of its weights."""
        centred = (luma - 0.5).to(cast(Tensor, self.body[0].weight).dtype)
        return functional.pixel_shuffle(self.body(centred).float(), self.shape.scale)


def channels_last(module: M) -> M:
    """The module with its weights in the layout in which convolutions on processors run up to twice as fast."""
    return module.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def bicubic_kernel(scale: int) -> Tensor:
    """Bicubic interpolation as scale² filters of 5 × 5, in the order that pixel_shuffle expects."""
    rows = torch.stack([_phase((phase + 0.5) / scale - 0.5) for phase in range(scale)])
    kernels = torch.einsum("ai,bj->abij", rows, rows)
    return kernels.reshape(scale * scale, 1, 2 * _REACH + 1, 2 * _REACH + 1).float()


@functools.cache
def _kernel_on(device: torch.device, scale: int) -> Tensor:
    """The kernel there, always float32: a buffer of the module would be rounded with its weights."""
    with torch.inference_mode(False):
        return bicubic_kernel(scale).to(device)


def _phase(offset: float) -> Tensor:
    """Weights of the five pixels around one, for a sample that lies `offset` pixels from its centre."""
    distance = (torch.arange(-_REACH, _REACH + 1, dtype=torch.float64) - offset).abs()
    near = (KEYS_A + 2) * distance**3 - (KEYS_A + 3) * distance**2 + 1
    far = KEYS_A * (distance**3 - 5 * distance**2 + 8 * distance - 4)
    return torch.where(distance <= 1, near, torch.where(distance < 2, far, torch.zeros_like(far)))


def _layers(shape: Shape) -> list[nn.Module]:
    layers: list[nn.Module] = [_convolution(1, shape.features), nn.PReLU(shape.features)]
    for _ in range(shape.depth):
        layers += [_convolution(shape.features, shape.features), nn.PReLU(shape.features)]
    last = nn.Conv2d(shape.features, shape.scale**2, 3, padding=1)
    # An untrained network should begin as the bicubic base, not as noise on top of it.
    nn.init.normal_(last.weight, std=_LAST_LAYER_DEVIATION)
    return [*layers, last]


def _convolution(channels_in: int, channels_out: int) -> nn.Conv2d:
    layer = nn.Conv2d(channels_in, channels_out, 3, padding=1)
    # torch's own start shrinks signals at every layer: ten layers on, there is nothing left to learn from.
    nn.init.kaiming_normal_(layer.weight, a=_PRELU_SLOPE, nonlinearity="leaky_relu")
    return layer
