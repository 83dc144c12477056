"""Colour channels that part: what moves where, and what stays."""

import numpy as np
import pytest

from gpu_tasks.engine.kernels.colour import RGB_TO_YUV_709
from gpu_tasks.engine.surface import Surface
from tests.engine.effects.stage import (
    assert_effect_rules,
    moment,
    rgb_of,
    run,
    scene_surface,
    surface_of,
)

SIZE = (96, 54)


@pytest.mark.parametrize("name", ["rgb_split", "chromatic_aberration", "prism"])
def test_the_rules_hold(name: str) -> None:
    assert_effect_rules(name, keeps_alpha=False)


def bar(size: tuple[int, int] = SIZE) -> Surface:
    """A white bar in the middle of black, 4:4:4."""
    rgb = np.zeros((size[1], size[0], 3), np.uint8)
    rgb[:, size[0] // 2 - 6 : size[0] // 2 + 6] = 255
    return surface_of(rgb, 1)


def centre_of(channel: np.ndarray) -> float:
    weights = channel.astype(float).sum(axis=0)
    return float((weights * np.arange(len(weights))).sum() / weights.sum())


@pytest.mark.parametrize(("unit_px", "amount", "distance_px"), [(1.0, 1.0, 8.0), (1.0, 0.5, 4.0), (0.4, 1.0, 3.2)])
def test_red_goes_right_and_blue_left_by_eight_units(unit_px: float, amount: float, distance_px: float) -> None:
    picture = bar()
    red, green, blue = (
        centre_of(rgb_of(run("rgb_split", picture, amount, moment(unit_px=unit_px)))[:, :, i]) for i in range(3)
    )
    assert red - green == pytest.approx(distance_px, abs=0.15)
    assert green - blue == pytest.approx(distance_px, abs=0.15)
    assert green == pytest.approx(centre_of(rgb_of(picture)[:, :, 1]), abs=0.05)


@pytest.mark.parametrize("subsampling", [1, 2])
def test_each_channel_is_that_of_its_own_picture(subsampling: int) -> None:
    """By whole pixels, the split picture is put together from channels moved in R'G'B'."""
    x = np.arange(96)[None, :, None] / 96
    y = np.arange(54)[:, None, None] / 54
    rgb = np.rint(255 * (0.5 + 0.3 * np.sin(9 * x + np.array([0, 2, 4])) * np.cos(5 * y))).astype(np.uint8)
    split = rgb_of(run("rgb_split", surface_of(rgb, subsampling), 1.0, moment(unit_px=1.0)))
    inner = np.s_[2:-2, 12:-12]
    for channel, shift in ((0, 8), (1, 0), (2, -8)):
        expected = np.roll(rgb[:, :, channel], shift, axis=1)
        difference = np.abs(split[:, :, channel].astype(int) - expected)[inner]
        assert difference.max() <= 6, f"channel {channel}"


def test_grey_ground_stays_grey_where_nothing_is_near() -> None:
    split = rgb_of(run("rgb_split", bar(), 1.0, moment(unit_px=1.0)))
    assert np.ptp(split[:, :20].astype(int), axis=2).max() <= 2


def test_a_split_picture_covers_where_any_channel_is() -> None:
    picture = surface_of(np.full((54, 96, 3), 200, np.uint8), 1, np.zeros((54, 96), np.uint8))
    assert picture.alpha is not None
    columns = np.s_[:, 40:50]
    picture.alpha[columns] = 255
    for plane, value in zip((picture.y, picture.u, picture.v), RGB_TO_YUV_709 @ (200, 200, 200, 255), strict=True):
        plane[columns] = round(value)
    split = run("rgb_split", picture, 1.0, moment(unit_px=1.0))
    assert split.alpha is not None
    assert np.array_equal(np.flatnonzero(split.alpha[20]), np.arange(32, 58))
    red_only = rgb_of_over_black(split)[20, 55]
    assert red_only[0] > 180
    assert max(red_only[1:]) < 20


def rgb_of_over_black(surface: Surface) -> np.ndarray:
    """R'G'B' of a premultiplied 4:4:4 surface on black."""
    assert surface.alpha is not None
    yuv = np.stack([surface.y, surface.u, surface.v], axis=-1).astype(float)
    yuv -= surface.alpha[:, :, None] / 255 * np.array([16, 128, 128])
    return np.asarray(yuv @ np.linalg.inv(RGB_TO_YUV_709[:, :3]).T)


def test_the_lens_parts_colours_more_towards_the_edges() -> None:
    size = (320, 180)
    rgb = np.zeros((180, 320, 3), np.uint8)
    rgb[:, 158:162] = rgb[:, 296:300] = 255
    parted = rgb_of(run("chromatic_aberration", surface_of(rgb, 1), 1.0, moment(size=size)))

    def spread(columns: slice) -> float:
        part = np.maximum(parted[80:100, columns].astype(int) - 120, 0)
        return centre_of(part[:, :, 0]) - centre_of(part[:, :, 2])

    assert spread(slice(140, 180)) == pytest.approx(0, abs=0.1)
    assert spread(slice(280, 320)) > 1.5


def test_the_lens_glows_where_light_is() -> None:
    rgb = np.zeros((90, 160, 3), np.uint8)
    rgb[30:60, 60:100] = 255
    glowing = run("chromatic_aberration", surface_of(rgb, 1), 1.0, moment(unit_px=0.5))
    assert glowing.y[45, 102] > glowing.y[5, 5] + 5


def test_the_prism_leaves_the_middle_alone() -> None:
    size = (160, 90)
    picture = scene_surface(size, 1)
    seen = run("prism", picture, 1.0, moment(size=size))
    middle, left = np.s_[40:50, 72:88], np.s_[30:60, :20]
    assert np.abs(seen.y[middle].astype(int) - picture.y[middle]).max() <= 1
    assert np.abs(seen.y[left].astype(int) - picture.y[left]).mean() > 5


def test_the_prism_disperses_what_it_reflects() -> None:
    """A white bar left of the middle is seen again further left, red nearer to itself than blue."""
    size = (320, 180)
    rgb = np.zeros((180, 320, 3), np.uint8)
    rgb[:, 120:126] = 255
    ghost = rgb_of(run("prism", surface_of(rgb, 1), 1.0, moment(size=size)))[60:120, :100]
    red, green, blue = (centre_of(ghost[:, :, i]) for i in range(3))
    assert red > green + 2
    assert green > blue + 2
