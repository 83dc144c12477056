"""False colours: steps, heat and phosphor."""

import numpy as np
import pytest

from gpu_tasks.engine.effects.night_vision import phosphor_tables
from gpu_tasks.engine.effects.palette import LEVELS, heat_tables
from tests.engine.effects.stage import assert_effect_rules, colour_at, moment, plain, rgb_of, run, surface_of

Colour = tuple[int, int, int]


def of(name: str, colour: Colour) -> Colour:
    return colour_at(run(name, plain(colour, (64, 36))), 32, 18)


def ramp(width: int = 512, height: int = 32) -> np.ndarray:
    grey = np.broadcast_to(np.linspace(0, 255, width), (height, width))
    return np.dstack([grey] * 3).astype(np.uint8)


@pytest.mark.parametrize("name", ["posterize", "thermal", "night_vision"])
def test_it_keeps_the_rules_of_effects(name: str) -> None:
    assert_effect_rules(name)


def test_posterize_leaves_few_levels_from_black_to_white() -> None:
    levels = np.unique(run("posterize", surface_of(ramp())).y)
    assert len(levels) == LEVELS
    assert (levels[0], levels[-1]) == (16, 235)


def test_posterize_keeps_greys_grey() -> None:
    rgb = rgb_of(run("posterize", surface_of(ramp()))).astype(int)
    assert np.ptp(rgb, axis=-1).max() <= 2


def test_posterize_grows_from_smooth_to_stepped() -> None:
    roughness = [
        np.abs(np.diff(run("posterize", surface_of(ramp()), a).y[16].astype(int))).max() for a in (0.2, 0.6, 1)
    ]
    assert roughness == sorted(roughness)
    assert roughness[0] < roughness[-1] / 3


def test_heat_grows_brighter_all_the_way() -> None:
    luma = heat_tables()[0].astype(int)
    assert (np.diff(luma) >= 0).all()
    assert luma[0] < 22
    assert luma[-1] > 225


def test_the_ends_of_heat_are_black_and_white() -> None:
    assert max(of("thermal", (0, 0, 0))) < 25
    assert min(of("thermal", (255, 255, 255))) > 215


def test_heat_passes_from_violet_by_red_to_yellow() -> None:
    red, green, blue = of("thermal", (60, 60, 60))
    assert blue > red > green
    red, green, blue = of("thermal", (145, 145, 145))
    assert red > 2.5 * max(green, blue)
    red, green, blue = of("thermal", (210, 210, 210))
    assert red > green > 2 * blue


def test_skin_is_warmer_than_a_sky_of_the_same_luma() -> None:
    skin, sky = run("thermal", plain((205, 150, 125))), run("thermal", plain((90, 170, 235)))
    assert skin.y[9, 16] > sky.y[9, 16] + 25


def test_night_vision_is_green_and_lifts_the_dark() -> None:
    rgb = rgb_of(run("night_vision", plain((45, 45, 45), (96, 54))))[20:34, 40:56].reshape(-1, 3).mean(axis=0)
    assert rgb[1] > 1.5 * rgb[0]
    assert rgb[1] > 1.5 * rgb[2]
    assert rgb[1] > 65


def test_the_phosphor_grows_brighter_all_the_way() -> None:
    assert (np.diff(phosphor_tables()[0].astype(int)) >= 0).all()


def test_night_vision_has_a_dark_rim_and_new_noise_in_every_frame() -> None:
    grey = plain((180, 180, 180), (96, 54))
    first, second = (run("night_vision", grey, 1.0, moment(frame, size=(96, 54))).y for frame in (0, 1))
    assert first[:5, :5].mean() < 0.5 * first[24:30, 44:52].mean()
    assert not np.array_equal(first, second)


def test_scan_lines_are_faint_and_regular() -> None:
    # Six pixels a line; the noise averages out along the rows.
    luma = run("night_vision", plain((150, 150, 150), (640, 60)), 1.0, moment(size=(640, 60), unit_px=2)).y
    rows = luma[18:42, 220:420].mean(axis=1)
    swing = np.abs(np.fft.rfft(rows - rows.mean()))
    assert swing.argmax() == 24 // 6
    assert 3 < np.ptp(rows) < 60
