"""Small pictures and networks for the tests of super-resolution."""

from fractions import Fraction

import cv2
import numpy as np
import torch
from PIL import Image

from gpu_tasks.models.devices import Device
from gpu_tasks.models.step import Alpha, Frame, Rgb
from gpu_tasks.models.super_resolution.network import LumaNetwork, Shape
from gpu_tasks.timeline.sources import SourceInfo

CPU = Device(torch.device("cpu"), torch.float32)
IMAGE = SourceInfo("image", "png", "image/png", 1, width=40, height=30)
FILM = SourceInfo("video", "mp4", "video/mp4", 1, width=40, height=30, has_video=True, video_codec="h264")


def smooth_picture(width: int, height: int, seed: int = 0) -> Rgb:
    """Soft colours, far from black and white."""
    small = np.random.default_rng(seed).uniform(64, 192, (5, 6, 3)).astype(np.float32)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def noise_picture(width: int, height: int, seed: int = 0) -> Rgb:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


def frame(rgb: Rgb, number: int = 0, alpha: Alpha | None = None) -> Frame:
    return Frame(rgb, alpha, Fraction(number, 25))


def random_network(scale: int, features: int = 4, depth: int = 2) -> LumaNetwork:
    """Weights large enough that it changes what it enlarges."""
    torch.manual_seed(scale)
    network = LumaNetwork(Shape(scale, features, depth))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.normal_(0, 0.3)
    return network.eval()


def untrained_network(scale: int) -> LumaNetwork:
    """One that adds nothing to bicubic interpolation."""
    network = LumaNetwork(Shape(scale, 4, 1))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
    return network.eval()


def pillow(rgb: Rgb, width: int, height: int, kernel: Image.Resampling) -> Rgb:
    return np.asarray(Image.fromarray(rgb).resize((width, height), kernel))
