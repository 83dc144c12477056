"""Blurs: the box and its radii, discs of light, and the middle that stays sharp."""

import numpy as np
import pytest

from gpu_tasks.engine.surface import Surface
from tests.engine.effects.stage import assert_effect_rules, difference, moment, plain, rgb_of, run, surface_of

SIZE = (160, 90)


@pytest.mark.parametrize("name", ["camera_lens_blur", "box_blur"])
def test_the_rules_hold(name: str) -> None:
    assert_effect_rules(name, keeps_alpha=False)


def test_the_rules_hold_where_the_middle_stays_sharp() -> None:
    assert_effect_rules("camera_lens_blur_bg", keeps_alpha=False, subtle=True)


def noise() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (SIZE[1], SIZE[0], 3), dtype=np.uint8)


@pytest.mark.parametrize(("amount", "radius_px"), [(1.0, 10), (0.5, 5), (0.2, 2)])
def test_the_box_is_the_mean_over_its_square(amount: float, radius_px: int) -> None:
    """20 units of half a pixel; at a whole radius it is the plain mean, as FFmpeg's boxblur."""
    picture = surface_of(noise(), 1)
    blurred = run("box_blur", picture, amount, moment(size=SIZE, unit_px=0.5))
    for y, x in ((45, 80), (30, 40), (60, 120)):
        square = np.s_[y - radius_px : y + radius_px + 1, x - radius_px : x + radius_px + 1]
        for plane, original in ((blurred.y, picture.y), (blurred.u, picture.u)):
            assert abs(plane[y, x] - original[square].mean()) <= 0.51


def test_the_box_is_as_wide_in_chroma() -> None:
    """A red field's edge is as soft in halved chroma as in full."""
    rgb = np.full((SIZE[1], SIZE[0], 3), 128, np.uint8)
    rgb[:, :80] = (220, 40, 40)
    full, halved = (run("box_blur", surface_of(rgb, step), 1.0, moment(size=SIZE, unit_px=0.4)) for step in (1, 2))
    assert np.abs(full.v[0, 60:100:2].astype(int) - halved.v[0, 30:50]).max() <= 6


def test_between_whole_radii_the_box_changes_evenly() -> None:
    picture, at = surface_of(noise(), 1), moment(size=SIZE, unit_px=0.5)
    steps = [run("box_blur", picture, amount, at) for amount in (0.2, 0.25, 0.3)]
    mean = (steps[0].y.astype(float) + steps[2].y) / 2
    assert np.abs(steps[1].y - mean).max() <= 1


def light(colour: tuple[int, int, int] = (255, 255, 255)) -> Surface:
    """A small light on a dark ground, 4:4:4."""
    rgb = np.full((SIZE[1], SIZE[0], 3), 20, np.uint8)
    rgb[43:47, 78:82] = colour
    return surface_of(rgb, 1)


def test_a_light_becomes_a_disc() -> None:
    """17 units of half a pixel: a disc of 8.5 pixels, even inside and with a clear rim, the same in all directions."""
    y = run("camera_lens_blur", light(), 1.0, moment(size=SIZE, unit_px=0.5)).y.astype(int) - 33
    rows, columns = np.indices(y.shape)
    distance = np.hypot(rows - 44.5, columns - 79.5)
    inside, outside = y[distance < 6], y[distance > 12]
    assert inside.min() > 0.75 * inside.max() > 20
    assert outside.max() <= 3


def test_lights_are_brighter_than_a_plain_mean() -> None:
    blurred = run("camera_lens_blur", light(), 1.0, moment(size=SIZE, unit_px=0.5))
    plain_mean = 33 + 16 / (np.pi * 8.5**2) * (235 - 33)
    assert blurred.y[44, 79] > plain_mean + 20


def test_lights_keep_their_colour() -> None:
    disc = rgb_of(run("camera_lens_blur", light((255, 190, 90)), 1.0, moment(size=SIZE, unit_px=0.5)))[44, 79]
    assert disc[0] > disc[2] + 25


def test_large_bright_areas_do_not_glare() -> None:
    picture = plain((215, 215, 215), SIZE)
    assert difference(run("camera_lens_blur", picture, 1.0, moment(size=SIZE)), picture) <= 0.5


def test_the_middle_stays_sharp_and_the_background_blurs() -> None:
    picture = surface_of(noise(), 1)
    blurred = run("camera_lens_blur", picture, 1.0, moment(size=SIZE))
    portrait = run("camera_lens_blur_bg", picture, 1.0, moment(size=SIZE))
    middle, corner = np.s_[40:60, 72:88], np.s_[:20, :30]
    assert np.array_equal(portrait.y[middle], picture.y[middle])
    assert np.array_equal(portrait.y[corner], blurred.y[corner])
