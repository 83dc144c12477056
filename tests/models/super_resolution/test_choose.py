"""Compressed and noisy pictures get the robust set, others the clean one."""

import functools
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from gpu_tasks.models.step import Rgb
from gpu_tasks.models.super_resolution.choose import Variant, blockiness, choose, noise_deviation
from scripts.train_super_resolution.pictures import picture
from tests.models.super_resolution.pictures import FILM, IMAGE, smooth_picture

SEEDS = (0, 2, 3, 7)


@functools.cache
def drawn(seed: int) -> Rgb:
    """A drawn picture reduced to 192 × 192."""
    reduced = Image.fromarray(picture(seed)).resize((192, 192), Image.Resampling.BICUBIC)
    return np.repeat(np.asarray(reduced)[..., None], 3, axis=2)


def jpeg(rgb: Rgb, quality: int) -> Rgb:
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def noisy(rgb: Rgb, deviation: float) -> Rgb:
    noise = np.random.default_rng(3).normal(0, deviation, rgb.shape[:2])[..., None]
    return np.clip(np.round(rgb + noise), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("seed", SEEDS)
def test_pristine_pictures_get_the_clean_set(seed: int) -> None:
    assert choose(IMAGE, drawn(seed)) == "clean"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("quality", [75, 50])
def test_pictures_with_the_blocks_of_jpeg_get_the_robust_set_in_whatever_file(seed: int, quality: int) -> None:
    assert choose(IMAGE, jpeg(drawn(seed), quality)) == "robust"


@pytest.mark.parametrize("seed", SEEDS)
def test_noisy_pictures_get_the_robust_set(seed: int) -> None:
    assert choose(IMAGE, noisy(drawn(seed), 8)) == "robust"


@pytest.mark.parametrize(
    ("codec", "wanted"),
    [("h264", "robust"), ("vp9", "robust"), ("hevc", "robust"), ("ffv1", "clean")],
)
def test_films_go_by_what_their_codec_did_to_them(codec: str, wanted: Variant) -> None:
    assert choose(replace(FILM, video_codec=codec), smooth_picture(64, 48)) == wanted


def test_noise_in_a_film_without_loss_counts() -> None:
    assert choose(replace(FILM, video_codec="ffv1"), noisy(smooth_picture(64, 48), 8)) == "robust"


@pytest.mark.parametrize("deviation", [1.0, 4.0, 8.0])
def test_noise_on_smooth_tones_is_measured(deviation: float) -> None:
    luma = noisy(smooth_picture(200, 160), deviation)[..., 0].astype(np.float32)
    assert noise_deviation(luma) == pytest.approx(deviation, rel=0.35)


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (31, 31)])
def test_pictures_too_small_to_tell_count_as_pristine(size: tuple[int, int]) -> None:
    luma = np.zeros(size[::-1], np.float32)
    assert blockiness(luma) == 1.0
    assert noise_deviation(luma) == 0.0


@pytest.mark.parametrize("tone", [0, 128, 255])
def test_flat_pictures_have_neither_blocks_nor_noise(tone: int) -> None:
    luma = np.full((64, 64), tone, np.float32)
    assert blockiness(luma) == pytest.approx(1.0)
    assert noise_deviation(luma) == 0.0
