"""Grades: each keeps the rules; what they make of known colours."""

import numpy as np
import pytest

from tests.engine.effects.stage import assert_effect_rules, colour_at, plain, rgb_of, run, scene, surface_of

GREYS = [(v, v, v) for v in (0, 60, 128, 200, 255)]


def of(name: str, colour: tuple[int, int, int], amount: float = 1.0) -> tuple[int, int, int]:
    return colour_at(run(name, plain(colour, (64, 36)), amount), 32, 18)


@pytest.mark.parametrize("name", ["sepia", "duotone", "cross_process", "bleach_bypass", "invert"])
def test_it_keeps_the_rules_of_effects(name: str) -> None:
    assert_effect_rules(name)


@pytest.mark.parametrize("grey", GREYS[1:])
def test_sepia_turns_greys_brown(grey: tuple[int, int, int]) -> None:
    red, green, blue = of("sepia", grey)
    assert red > green > blue


def test_sepia_depends_on_luma_alone() -> None:
    # A red, a green and a grey of the same luma (BT.709).
    tones = np.array([of("sepia", colour) for colour in ((255, 0, 0), (0, 76, 0), (54, 54, 54))])
    assert np.ptp(tones, axis=0).max() <= 6


def test_sepia_has_a_vignette() -> None:
    luma = run("sepia", plain((255, 255, 255), (96, 54))).y
    assert luma[:5, :5].mean() < 0.75 * luma[25:29, 45:50].mean()


def test_duotone_runs_from_indigo_to_coral() -> None:
    red, green, blue = of("duotone", (0, 0, 0))
    assert blue > 2 * max(red, green)
    red, green, blue = of("duotone", (255, 255, 255))
    assert red > green > blue
    assert red > 240


def test_duotone_is_one_line_of_colours() -> None:
    lumas = [run("duotone", plain(grey)).y[9, 16] for grey in GREYS]
    assert sorted(lumas) == lumas
    assert len(set(lumas)) == len(lumas)


def test_cross_process_is_blue_below_and_yellow_green_above() -> None:
    red, green, blue = of("cross_process", (20, 20, 20))
    assert blue > max(red, green) + 15
    red, green, blue = of("cross_process", (235, 235, 235))
    assert min(red, green) > blue + 25


def test_bleach_bypass_mutes_colours_and_hardens_contrast() -> None:
    red, green, blue = of("bleach_bypass", (220, 60, 60))
    assert max(red, green, blue) - min(red, green, blue) < 100
    assert sum(of("bleach_bypass", (60, 60, 60))) < 3 * 45
    assert sum(of("bleach_bypass", (200, 200, 200))) > 3 * 205


@pytest.mark.parametrize(
    "colour", [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255), (205, 150, 125), (128, 128, 128)]
)
def test_invert_gives_the_opposite(colour: tuple[int, int, int]) -> None:
    assert of("invert", colour) == pytest.approx([255 - value for value in colour], abs=3)


def test_inverting_twice_gives_the_picture_back() -> None:
    surface = surface_of(scene(96, 54))
    twice = run("invert", run("invert", surface))
    assert np.array_equal(rgb_of(twice), rgb_of(surface))


def test_a_half_negative_is_grey() -> None:
    assert of("invert", (255, 30, 90), 0.5) == pytest.approx([127] * 3, abs=3)
