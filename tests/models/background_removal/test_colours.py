"""At soft edges the background's share is taken out of a person's colours."""

import numpy as np
import pytest

from benchmarks.matting.measure import colours
from benchmarks.matting.pictures import BACKGROUNDS
from benchmarks.matting.table import COLOUR_LIMIT
from gpu_tasks.models.background_removal.colours import person_colours
from gpu_tasks.models.step import Alpha, Rgb

RED, BLUE = (200, 40, 30), (20, 60, 220)


def soft_step(width_px: int = 400) -> Alpha:
    """Covered on the left, free on the right, 12 pixels between."""
    ramp = np.clip((np.arange(width_px)[::-1] - width_px / 2 + 6) / 12, 0, 1)
    return np.tile(np.round(ramp * 255).astype(np.uint8), (120, 1))


def mixture(matte: Alpha) -> Rgb:
    share = matte[..., None] / 255
    return np.round(np.array(RED) * share + np.array(BLUE) * (1 - share)).astype(np.uint8)


def test_two_flat_colours_are_told_apart() -> None:
    matte = soft_step()
    found = person_colours(mixture(matte), matte)
    error = np.abs(found.astype(int) - RED).max(axis=2) * (matte / 255)
    naive = np.abs(mixture(matte).astype(int) - RED).max(axis=2) * (matte / 255)
    assert error.max() <= 0.25 * naive.max()


def test_covered_pixels_stay_bit_for_bit() -> None:
    matte = soft_step()
    noise = np.random.default_rng(5).integers(0, 256, (120, 400, 3), np.uint8)
    assert (person_colours(noise, matte)[matte == 255] == noise[matte == 255]).all()


def test_uncovered_pixels_nearby_take_the_persons_colour() -> None:
    matte = soft_step()
    beside = (matte == 0) & (np.roll(matte, 3, axis=1) > 0)
    naive = np.abs(np.array(BLUE) - RED).mean()
    assert np.abs(person_colours(mixture(matte), matte)[beside].astype(int) - RED).mean() < 0.3 * naive


@pytest.mark.parametrize("value", [0, 128, 255])
@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (31, 2), (40, 60)])
def test_any_size_and_any_even_matte_has_colours(shape: tuple[int, int], value: int) -> None:
    picture = np.full((*shape, 3), RED, np.uint8)
    found = person_colours(picture, np.full(shape, value, np.uint8))
    assert found.shape == picture.shape
    assert value == 0 or np.abs(found.astype(int) - RED).max() <= 1


@pytest.mark.slow
@pytest.mark.parametrize("background", BACKGROUNDS)
def test_with_the_true_matte_a_quarter_of_the_error_or_more_is_gone(background: str) -> None:
    measured = colours(background)
    assert measured.naive > 0.01
    assert measured.ratio <= COLOUR_LIMIT
