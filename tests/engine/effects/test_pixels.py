"""Pixel blocks: their sizes, their means, and their levels."""

from itertools import pairwise

import numpy as np
import pytest

from tests.engine.effects.stage import assert_effect_rules, difference, moment, run, scene_surface, surface_of

SIZE = (128, 72)
UNIT_PX = 0.25
BLOCK_PX = 12


@pytest.mark.parametrize("name", ["mosaic", "mosaic_blur", "mosaic_posterize"])
def test_the_rules_hold(name: str) -> None:
    assert_effect_rules(name, keeps_alpha=False)


def noise(size: tuple[int, int] = SIZE) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)


@pytest.mark.parametrize("subsampling", [1, 2])
@pytest.mark.parametrize("size", [SIZE, (127, 71)])
def test_every_block_is_its_mean(subsampling: int, size: tuple[int, int]) -> None:
    """At 48 units of 1/4 pixel blocks measure 12; one lies in the middle."""
    picture = surface_of(noise(size), subsampling)
    blocks = run("mosaic", picture, 1.0, moment(size=size, unit_px=UNIT_PX))
    for plane, original, step in zip(
        (blocks.y, blocks.u, blocks.v), (picture.y, picture.u, picture.v), (1, subsampling, subsampling), strict=True
    ):
        rows, columns = edges(plane.T), edges(plane)
        assert np.abs(np.diff(columns)[1:-1] - BLOCK_PX // step).max() <= 1
        for top, bottom in pairwise(rows):
            for left, right in pairwise(columns):
                block = np.s_[top:bottom, left:right]
                assert np.ptp(plane[block]) == 0
                assert abs(int(plane[top, left]) - original[block].mean()) <= 0.5


def edges(plane: np.ndarray) -> np.ndarray:
    """Where blocks begin across a plane, and its width."""
    inner = np.flatnonzero(np.any(np.diff(plane.astype(int), axis=1), axis=0)) + 1
    return np.concatenate([[0], inner, [plane.shape[1]]])


def test_blocks_of_luma_and_chroma_are_the_same() -> None:
    blocks = run("mosaic", surface_of(noise()), 0.63, moment(size=SIZE, unit_px=UNIT_PX))
    assert np.array_equal(edges(blocks.y), 2 * edges(blocks.u))
    assert np.array_equal(edges(blocks.y.T), 2 * edges(blocks.v.T))


def test_blocks_grow_with_the_intensity() -> None:
    counts = []
    for amount in (0.2, 0.4, 0.6, 0.8, 1.0):
        y = run("mosaic", surface_of(noise()), amount, moment(size=SIZE, unit_px=UNIT_PX)).y
        counts.append(len(edges(y)) - 1)
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 3 * counts[-1]


def test_softened_blocks_lie_between_blocks_and_blur() -> None:
    picture, at = scene_surface(SIZE), moment(size=SIZE, unit_px=UNIT_PX)
    hard, soft = run("mosaic", picture, 1.0, at), run("mosaic_blur", picture, 1.0, at)
    steps = [np.abs(np.diff(y.y.astype(int), axis=1)) for y in (hard, soft)]
    assert steps[1].max() < 0.6 * steps[0].max()
    assert (steps[1] > 0).sum() > 2 * (steps[0] > 0).sum()
    assert difference(hard, soft) < 15


def test_posterised_blocks_have_few_levels() -> None:
    picture = surface_of(noise())
    posterised = run("mosaic_posterize", picture, 1.0, moment(size=SIZE, unit_px=0.04))
    assert len(np.unique(posterised.y)) <= 6
    assert len(np.unique(posterised.u)) <= 19


def test_posterised_blocks_keep_levels_where_alpha_is_partial() -> None:
    rgb = np.full((72, 128, 3), 200, np.uint8)
    alpha = np.full((72, 128), 128, np.uint8)
    opaque = run("mosaic_posterize", surface_of(rgb, 1), 1.0, moment(size=SIZE))
    partial = run("mosaic_posterize", surface_of(rgb, 1, alpha), 1.0, moment(size=SIZE))
    assert np.abs(partial.y.astype(float) * 255 / 128 - opaque.y).max() <= 2
