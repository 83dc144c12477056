"""Networks on luma made into networks on R'G'B', and colours carried under what is transparent."""

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from gpu_tasks.models.step import Alpha, Rgb
from gpu_tasks.models.super_resolution.network import LumaNetwork
from gpu_tasks.models.tiling import Network
from gpu_tasks.weights.store import ModelDamaged

LUMA_WEIGHTS = (0.299, 0.587, 0.114)
"""Luma of R'G'B' by ITU-R BT.601."""
_SPREAD_STEPS = 8


class OnRgb(nn.Module):
    """N × 3 × height × width R'G'B', 0–1, enlarged: bicubic colour, and the luma's details added to all three.

    Adding the same amount to R', G' and B' moves luma by that amount and leaves Cb and Cr alone.
    """

    def __init__(self, network: LumaNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, rgb: Tensor) -> Tensor:
        """The enlarged pictures, float32, not clipped."""
        red, green, blue = (rgb[:, channel : channel + 1].float() for channel in range(3))
        luma = LUMA_WEIGHTS[0] * red + LUMA_WEIGHTS[1] * green + LUMA_WEIGHTS[2] * blue
        smooth = self.network.smooth(rgb.flatten(0, 1).unsqueeze(1)).reshape(
            *rgb.shape[:2], *(side * self.network.shape.scale for side in rgb.shape[2:])
        )
        return smooth + self.network.details(luma.contiguous(memory_format=torch.channels_last))


def on_rgb(network: Network, channels: int, name: str) -> Network:
    """A network of three channels as it is, one of one channel used on red, green and blue in turn.

    Raises ModelDamaged for other numbers of channels.
    """
    if channels not in (1, 3):
        raise ModelDamaged(f"{name} holds a network of {channels} channels; 1 and 3 are accepted")

    def each(rgb: Tensor) -> Tensor:
        planes = network(rgb.flatten(0, 1).unsqueeze(1))
        return planes.reshape(*rgb.shape[:2], *planes.shape[2:])

    return network if channels == 3 else each


def spread_colours(rgb: Rgb, alpha: Alpha) -> Rgb:
    """The picture with the nearest visible colours under its fully transparent pixels.

    What lies there is arbitrary, mostly black, and an enlargement would draw it into the visible edge.
    """
    hidden = alpha == 0
    if not hidden.any() or hidden.all():
        return rgb
    colours, weight = rgb.astype(np.float32), (~hidden).astype(np.float32)
    for step in range(_SPREAD_STEPS):
        side = 2 ** (step + 1) + 1
        near = cv2.blur(weight, (side, side))
        mean = cv2.blur(colours * weight[..., None], (side, side)) / np.maximum(near, 1e-6)[..., None]
        reached = (weight == 0) & (near > 1e-6)
        colours[reached], weight[reached] = mean[reached], 1.0
    return np.where(hidden[..., None], np.clip(colours + 0.5, 0, 255), rgb).astype(np.uint8)
