"""Film stocks: each keeps the rules and has the tone that its name promises."""

import numpy as np
import pytest

from tests.engine.effects.stage import (
    assert_effect_rules,
    colour_at,
    moment,
    plain,
    rgb_of,
    run,
    scene_surface,
    surface_of,
)

pytestmark = pytest.mark.slow

BLACK, GREY, WHITE, SKIN = (0, 0, 0), (128, 128, 128), (255, 255, 255), (205, 150, 125)


def middle(name: str, colour: tuple[int, int, int]) -> tuple[float, float, float]:
    """What becomes of one colour in the middle of the picture, its grain averaged."""
    rgb = rgb_of(run(name, plain(colour, (96, 54))))[20:34, 36:60]
    red, green, blue = rgb.reshape(-1, 3).mean(axis=0)
    return float(red), float(green), float(blue)


@pytest.mark.parametrize("name", ["vintage", "polaroid", "portra", "filmic"])
def test_it_keeps_the_rules_of_effects(name: str) -> None:
    assert_effect_rules(name)


def test_vintage_lifts_blacks_and_yellows_whites() -> None:
    assert min(middle("vintage", BLACK)) > 20
    red, green, blue = middle("vintage", WHITE)
    assert red > green > blue + 20
    assert red < 252


def test_vintage_grain_is_slight_and_moves() -> None:
    grey = plain(GREY, (96, 54))
    first, second = (run("vintage", grey, 1.0, moment(frame, size=(96, 54))).y for frame in (0, 1))
    assert not np.array_equal(first, second)
    assert 1 < (first.astype(float) - second).std() < 8


@pytest.mark.parametrize("name", ["vintage", "polaroid"])
def test_corners_are_darker(name: str) -> None:
    luma = run(name, plain(WHITE, (96, 54))).y
    assert luma[:6, :8].mean() < 0.8 * luma[20:34, 36:60].mean()


def test_polaroid_has_creamy_whites_and_cyan_shadows() -> None:
    red, green, blue = middle("polaroid", WHITE)
    assert red > green > blue + 10
    red, green, blue = middle("polaroid", BLACK)
    assert min(green, blue) > red + 5


def test_polaroid_blurs_its_corners_alone() -> None:
    stripes = np.zeros((240, 424, 3), np.uint8)
    stripes[:, ::4] = stripes[:, 1::4] = 200
    before = surface_of(stripes)
    luma = run("polaroid", before, 1.0, moment(size=(424, 240), unit_px=1)).y.astype(float)
    assert luma[110:130, 200:220].std() > 5 * luma[2:12, 2:22].std()


def test_portra_warms_skin_softly() -> None:
    red, green, blue = middle("portra", SKIN)
    assert red > green > blue
    assert red - blue < 205 - 125 + 25
    assert sum((red, green, blue)) > sum(SKIN)
    assert 3 < min(middle("portra", BLACK)) < 20


def test_filmic_is_teal_below_and_orange_above() -> None:
    red, _, blue = middle("filmic", (40, 40, 40))
    assert blue > red + 4
    red, _, blue = middle("filmic", (210, 210, 210))
    assert red > blue + 10


def test_filmic_adds_contrast_and_rolls_off() -> None:
    dark, light, lightest = (sum(middle("filmic", (v, v, v))) / 3 for v in (60, 180, 250))
    assert light - dark > 120
    assert lightest < 245


def test_grain_looks_alike_at_every_size() -> None:
    small, large = (
        run("vintage", plain(GREY, (16 * n, 9 * n)), 1.0, moment(size=(16 * n, 9 * n))).y.astype(float)
        for n in (80, 160)
    )
    assert large[600:840, 1000:1500].std() == pytest.approx(small[300:420, 500:750].std(), rel=0.25)


def test_the_middle_of_a_scene_keeps_its_colours_apart() -> None:
    surface = scene_surface()
    for name in ("vintage", "polaroid", "portra", "filmic"):
        red, green, _ = colour_at(run(name, surface), 42, 12)
        assert red > green + 60, f"{name} lost the red patch"
