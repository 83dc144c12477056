"""Planes to try kernels on, and the measure that they are held to."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from gpu_tasks.engine.kernels import Kernels, cpu
from gpu_tasks.engine.surface import Surface

TOLERANCE = 2.0
SIZE = (46, 61)
SHAPES = [SIZE, (45, 60), (2, 2), (1, 1), (1, 7), (9, 1)]
"""Height × width: even and odd, and as small as pictures come."""

Bytes = NDArray[np.uint8]


def noise(seed: int, shape: tuple[int, ...] = SIZE) -> Bytes:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def smooth(seed: int, shape: tuple[int, int] = SIZE) -> Bytes:
    """A picture without single-pixel noise, as fixed-point sample positions are compared on."""
    return cpu.resize_rgba(noise(seed, (6, 8)), shape[1], shape[0])


def real(values: Any) -> torch.Tensor:
    return torch.tensor(np.ascontiguousarray(values)).float()


@dataclass(frozen=True)
class Executor:
    """Kernels under test, and the way in and out of their memory."""

    k: Kernels

    def put(self, values: NDArray[Any]) -> Any:
        return self.k.upload(values.copy())

    def out(self, shape: tuple[int, ...]) -> Any:
        """A target full of something else."""
        return self.k.fill(self.k.empty(shape), 77)

    def surface(self, *planes: Bytes | None, subsampling: int) -> Surface:
        y, u, v, alpha, alpha_c = (None if plane is None else self.put(plane) for plane in planes)
        return Surface(y, u, v, subsampling, alpha, alpha if subsampling == 1 else alpha_c)

    def assert_close(self, actual: Any, expected: torch.Tensor, tolerance: float = TOLERANCE) -> None:
        found = real(host(actual))
        assert found.shape == expected.shape
        if found.numel():
            assert (found - expected.clamp(0, 255)).abs().max().item() <= tolerance


def host(plane: Any) -> Bytes:
    array: Bytes = plane.cpu().numpy() if isinstance(plane, torch.Tensor) else plane
    return array


def surface_planes(seed: int, height: int, width: int, subsampling: int, *, alpha: bool) -> list[Bytes | None]:
    """Y, U, V, alpha and chroma alpha of a smooth premultiplied picture within limited range."""
    chroma = (-(-height // subsampling), -(-width // subsampling))
    shapes = [(height, width), chroma, chroma]
    ranges = [(16, 219), (16, 224), (16, 224)]
    colours = [
        (low + smooth(seed + i, shape).astype(float) * span / 255).round()
        for i, (shape, (low, span)) in enumerate(zip(shapes, ranges, strict=True))
    ]
    if not alpha:
        return [*(colour.astype(np.uint8) for colour in colours), None, None]
    cover = smooth(seed + 9, (height, width))
    cover_c = cover if subsampling == 1 else cpu.subsample(cover)
    covers = (cover, cover_c, cover_c)
    products = [(colour * a / 255).round().astype(np.uint8) for colour, a in zip(colours, covers, strict=True)]
    return [*products, cover, cover_c]
