"""Drawn pictures are the same for everyone, and what is done to them keeps them in place."""

import numpy as np
import pytest
from PIL import Image

from scripts.train_super_resolution.dataset import Variant, make_pairs
from scripts.train_super_resolution.degrade import add_noise, degrade, h264, jpeg, reduce
from scripts.train_super_resolution.pictures import PAINTERS, SIDE_PX, Luma, picture

pytestmark = pytest.mark.slow

SEEDS = range(4)


def psnr_db(one: Luma, other: Luma) -> float:
    return float(10 * np.log10(255**2 / (np.mean((one.astype(float) - other) ** 2) + 1e-6)))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_number_always_gives_the_same_picture(seed: int) -> None:
    drawn = picture(seed)
    assert drawn.shape == (SIDE_PX, SIDE_PX)
    assert drawn.std() > 1
    assert np.array_equal(drawn, picture(seed))
    assert not np.array_equal(drawn, picture(seed + 1))


@pytest.mark.parametrize("painter", PAINTERS)
def test_every_painter_fills_the_whole_picture_with_tones(painter: object) -> None:
    assert callable(painter)
    plane = painter(np.random.default_rng(5))
    assert plane.shape == (2 * SIDE_PX, 2 * SIDE_PX)
    assert np.isfinite(plane).all()
    assert plane.std() > 0.5


@pytest.mark.parametrize("scale", [2, 4])
@pytest.mark.parametrize("seed", SEEDS)
def test_degraded_pictures_lie_where_the_reduced_one_lies(seed: int, scale: int) -> None:
    rng, large = np.random.default_rng(seed), picture(seed)
    small = reduce(large, scale)
    found = [degrade(rng, large, scale) for _ in range(6)]
    assert {one.shape for one in found} == {small.shape}
    inner = np.s_[4:-4, 4:-4]
    for one in found:
        moved = psnr_db(np.roll(one, 1, axis=1)[inner], small[inner])
        assert psnr_db(one[inner], small[inner]) > moved


def test_compression_loses_more_the_harder_it_is() -> None:
    small = reduce(picture(0), 2)
    assert psnr_db(jpeg(small, 95), small) > psnr_db(jpeg(small, 40), small) + 3
    assert psnr_db(h264(small, 18), small) > psnr_db(h264(small, 32), small) + 3
    assert add_noise(np.random.default_rng(1), small, 0.0).tolist() == small.tolist()


@pytest.mark.parametrize("variant", ["clean", "robust"])
@pytest.mark.parametrize("scale", [2, 4])
def test_patches_show_the_same_place_small_and_large(variant: Variant, scale: int) -> None:
    pairs = make_pairs(np.stack([picture(seed) for seed in SEEDS]), scale, variant, seed=0)
    small, large = pairs.batch(np.random.default_rng(2), 8, 24)
    assert small.shape == (8, 1, 24, 24)
    assert large.shape == (8, 1, 24 * scale, 24 * scale)
    for one, other in zip(small[:, 0].numpy(), large[:, 0].numpy(), strict=True):
        reduced = Image.fromarray(other).resize((24, 24), Image.Resampling.BICUBIC)
        here = np.abs(np.asarray(reduced) - one).mean()
        assert here < np.abs(np.asarray(reduced) - np.roll(one, 2, axis=0)).mean() or here < 0.01
