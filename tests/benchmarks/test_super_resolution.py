"""The measures of super-resolution measure, and its yardsticks are as good as they should be."""

import math

import numpy as np
import pytest

from benchmarks.super_resolution import linear, tables
from benchmarks.super_resolution.flicker import flicker
from benchmarks.super_resolution.held_out import DEGRADATIONS
from benchmarks.super_resolution.measures import compared, luma, psnr_db
from benchmarks.super_resolution.quality import scores
from benchmarks.super_resolution.ways import bicubic
from gpu_tasks.models.step import Rgb
from scripts.train_super_resolution.pictures import picture

pytestmark = pytest.mark.slow


def drawn(seed: int) -> Rgb:
    return np.repeat(picture(seed)[..., None], 3, axis=2)


@pytest.mark.parametrize(("rgb", "wanted"), [((0, 0, 0), 16), ((255, 255, 255), 235), ((255, 0, 0), 81)])
def test_luma_is_that_of_video(rgb: tuple[int, int, int], wanted: int) -> None:
    assert luma(np.full((2, 2, 3), rgb, np.uint8)).tolist() == [[wanted] * 2] * 2


def test_one_level_everywhere_is_48_db() -> None:
    plane = np.zeros((9, 9))
    assert psnr_db(plane + 1, plane) == pytest.approx(48.13, abs=0.01)


def test_noise_lowers_both_measures_and_the_border_does_not_count() -> None:
    wanted = drawn(0)
    framed, noisy = wanted.copy(), wanted.copy()
    framed[:2], noisy[100:200] = 0, 255 - wanted[100:200]
    assert compared(framed, wanted, 2) == (math.inf, 1.0)
    assert compared(noisy, wanted, 2)[0] < 30
    assert compared(noisy, wanted, 2)[1] < 0.95


@pytest.mark.parametrize("scale", [2, 4])
def test_the_fitted_filter_beats_bicubic_interpolation_on_pictures_it_was_not_fitted_to(scale: int) -> None:
    weights = linear.fitted(scale, pictures=6)
    found = list(
        scores(scale, "bicubic", {"drawn": drawn(0)}, {"linear": lambda rgb: linear.enlarged(rgb, scale, weights)})
    )
    assert found[0].gain_db > 0.2


def test_what_does_not_move_with_the_pan_flickers() -> None:
    still, rng = drawn(3), np.random.default_rng(1)

    def restless(rgb: Rgb) -> Rgb:
        return np.clip(bicubic(2)(rgb) + rng.normal(0, 8), 0, 255).astype(np.uint8)

    assert flicker(still, 2, restless) > flicker(still, 2, bicubic(2)) + 2


@pytest.mark.parametrize("kind", DEGRADATIONS)
def test_every_degradation_gives_a_picture_of_the_reduced_size(kind: str) -> None:
    assert DEGRADATIONS[kind](drawn(1)[:96, :64], 2).shape == (48, 32, 3)


@pytest.mark.parametrize(("found", "less", "word"), [(1.0, False, "ok"), (0.4, False, "missed"), (0.4, True, "ok")])
def test_a_missed_bar_is_told(found: float, less: bool, word: str) -> None:
    assert word in tables.bars([("gain", found, 0.5, less)]).splitlines()[-1]
