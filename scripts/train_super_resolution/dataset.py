"""The pool of drawn pictures, their reduced copies, and batches of patches from both."""

import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from scripts.train_super_resolution.degrade import degrade, reduce
from scripts.train_super_resolution.fills import fractal_noise
from scripts.train_super_resolution.pictures import Luma, picture

Variant = Literal["clean", "robust"]
Pool = NDArray[np.uint8]
"""Pictures × height × width luma, full range."""
_SMOOTH_SHARE = 0.5
_STRONGEST_TEXTURE = 14.0
"""Its deviation in levels of 255."""
_COPIES = {"clean": 1, "robust": 2}
"""Reduced copies of each picture: those of the robust set differ in what was done to them."""


def drawn_pool(file: Path, count: int, processes: int) -> Pool:
    """The first `count` pictures, from the file if it holds them, else drawn and stored there."""
    if file.exists() and len(stored := np.load(file, mmap_mode="r")) >= count:
        return np.ascontiguousarray(stored[:count])
    file.parent.mkdir(parents=True, exist_ok=True)
    with multiprocessing.Pool(processes) as workers:
        pool = np.stack(workers.map(picture, range(count), chunksize=8))
    np.save(file, pool)
    return pool


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pictures and their reduced copies: `small` is pictures × copies × height × width."""

    large: Pool
    small: NDArray[np.uint8]
    scale: int

    def batch(self, rng: np.random.Generator, count: int, patch_px: int) -> tuple[Tensor, Tensor]:
        """`count` patches of `patch_px` small pixels and what they should become, N × 1 × height × width, 0–1."""
        patches = [self._patch(rng, patch_px) for _ in range(count)]
        small, large = (torch.from_numpy(np.stack(planes)[:, None]) / 255 for planes in zip(*patches, strict=True))
        return small, large

    def whole(self, side_px: int) -> tuple[Tensor, Tensor]:
        """The first copy of every picture and the picture itself, cut to `side_px` large pixels each way."""
        small_px = side_px // self.scale
        small, large = self.small[:, 0, :small_px, :small_px], self.large[:, :side_px, :side_px]
        return torch.from_numpy(small.copy())[:, None] / 255, torch.from_numpy(large.copy())[:, None] / 255

    def _patch(self, rng: np.random.Generator, patch_px: int) -> tuple[Luma, Luma]:
        """The busiest of up to three crops, turned or mirrored at random."""
        tries = [self._crop(rng, patch_px) for _ in range(rng.integers(1, 4))]
        small, large = max(tries, key=lambda pair: float(pair[0].std()))
        turns, mirrored = int(rng.integers(4)), bool(rng.integers(2))
        return _turned(small, turns, mirrored), _turned(large, turns, mirrored)

    def _crop(self, rng: np.random.Generator, patch_px: int) -> tuple[Luma, Luma]:
        pictures, copies, height, width = self.small.shape
        index, top, left = rng.integers(pictures), rng.integers(height - patch_px), rng.integers(width - patch_px)
        small = self.small[index, rng.integers(copies), top : top + patch_px, left : left + patch_px]
        first, last = np.array((top, left)) * self.scale, np.array((top + patch_px, left + patch_px)) * self.scale
        return small, self.large[index, first[0] : last[0], first[1] : last[1]]


def make_pairs(pool: Pool, scale: int, variant: Variant, seed: int) -> Pairs:
    """The pool with its reduced copies: bicubic for the clean set, degraded at random for the robust one."""
    rng = np.random.default_rng((scale, seed))
    shrink: Callable[[Luma], Luma] = lambda luma: reduce(luma, scale)  # noqa: E731
    if variant == "robust":
        pool = np.stack([textured(rng, luma) for luma in pool])
        shrink = lambda luma: degrade(rng, luma, scale)  # noqa: E731
    small = np.stack([np.stack([shrink(luma) for _ in range(_COPIES[variant])]) for luma in pool])
    return Pairs(pool, small, scale)


def textured(rng: np.random.Generator, luma: Luma) -> Luma:
    """Half of the pictures under a faint texture.

    Without it, a network that has seen noise and blocks takes all that is faint for them, and wipes fur and skin away.
    """
    if rng.random() < _SMOOTH_SHARE:
        return luma
    texture = fractal_noise(rng, *luma.shape) * np.float32(rng.uniform(2, _STRONGEST_TEXTURE))
    return np.asarray(np.clip(luma + texture + 0.5, 0, 255), np.uint8)


def _turned(luma: Luma, turns: int, mirrored: bool) -> Luma:
    turned = np.rot90(luma, turns)
    return turned[:, ::-1] if mirrored else turned
