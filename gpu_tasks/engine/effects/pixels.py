"""Pixel blocks: pure, softened, and with few tone levels."""

import math

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects._planes import mixed, together
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.surface import Plane, Surface

Edges = NDArray[np.intp]

BLOCK_UNITS = 48.0
SMALLEST_BLOCK_PX = 2.0
"""The size of a sample of 4:2:0 chroma; below it, blocks set in by mixing."""
SETS_IN = 0.1
SOFTNESS, SOFT_SHARE = 0.32, 0.6
"""Deviation of the blur as a share of the block, and what the blur takes of the mixture."""
LUMA_LEVELS, CHROMA_STEPS = 6, 9
"""Tone levels from black to white, and steps of saturation to either side of grey."""


@effect("mosaic", "The picture in square blocks, each of one colour.")
def mosaic(picture: Surface, amount: float, moment: Moment) -> Surface:
    return picture if amount <= 0 else _blocks(picture, amount, moment)


@effect("mosaic_blur", "Soft pixel blocks, as if seen through patterned glass.")
def mosaic_blur(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    blocks = _blocks(picture, amount, moment)
    soft = moment.scratch.surface("soft", picture)
    for step, (plane, target) in together(blocks, soft):
        sigma_px = SOFTNESS * _block_px(amount, moment) / step
        moment.k.gaussian(plane, sigma_px, hold_edges=picture.is_opaque, out=target)
    return mixed(moment.k, blocks, soft, SOFT_SHARE * _set_in(amount), soft)


@effect("mosaic_posterize", "Pixel blocks in a few flat tones, like early computer graphics.")
def mosaic_posterize(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    k, blocks = moment.k, _blocks(picture, amount, moment)
    luma, chroma = moment.scratch.kept(("levels", amount), lambda: tuple(k.upload(t) for t in _level_tables(amount)))
    for (plane, _, _), alpha, table in zip(blocks.planes(), blocks.alphas(), (luma, chroma, chroma), strict=True):
        if alpha is None:
            k.lut(plane, table, plane)
        else:
            straight = k.divide(plane, alpha, moment.scratch.plane("straight", plane.shape))
            k.multiply(k.lut(straight, table, straight), alpha, plane)
    return blocks


def _blocks(picture: Surface, amount: float, moment: Moment) -> Surface:
    k, out = moment.k, moment.scratch.surface("blocks", picture)
    size_px = _block_px(amount, moment)
    across, down = (_edges(length, size_px, picture.subsampling) for length in (picture.width, picture.height))
    for step, (plane, target) in together(picture, out):
        at = 0 if step == 1 else 1
        k.mosaic(plane, across[at], down[at], target)
    return mixed(k, picture, out, _set_in(amount), out)


def _block_px(amount: float, moment: Moment) -> float:
    return max(SMALLEST_BLOCK_PX, BLOCK_UNITS * moment.unit_px * amount)


def _set_in(amount: float) -> float:
    return min(1.0, amount / SETS_IN)


def _edges(length: int, size_px: float, step: int) -> tuple[Edges, Edges]:
    """Where blocks begin and end along an axis, in samples of luma and of chroma. One block lies in the middle.

    All begin on a chroma sample, so that the blocks of luma and chroma are the same.
    """
    samples, size = -(-length // step), size_px / step
    count = math.ceil(samples / size / 2) + 1
    inner = np.rint(samples / 2 + (np.arange(-count, count) + 0.5) * size)
    edges = np.unique(np.clip(inner, 0, samples)).astype(np.intp)
    edges = np.unique(np.concatenate([[0], edges, [samples]]))
    return np.minimum(edges * step, length), edges


def _level_tables(amount: float) -> tuple[Plane, Plane]:
    """Tables of luma and chroma that go from no change to levels."""
    codes = np.arange(256, dtype=np.float64)
    share = np.clip((codes - 16) / 219, 0, 1)
    luma = 16 + 219 * np.rint(share * (LUMA_LEVELS - 1)) / (LUMA_LEVELS - 1)
    chroma = 128 + 112 * np.clip(np.rint((codes - 128) / 112 * 1.25 * CHROMA_STEPS) / CHROMA_STEPS, -1, 1)
    return tuple(np.rint(codes + (levels - codes) * amount).astype(np.uint8) for levels in (luma, chroma))
