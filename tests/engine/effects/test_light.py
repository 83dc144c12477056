"""Bloom, flashes, flares, leaks and burning film."""

import numpy as np
import pytest

from gpu_tasks.engine.effects import EFFECTS
from gpu_tasks.engine.effects.light import is_lit
from tests.engine.effects.stage import assert_effect_rules, colour_at, moment, plain, rgb_of, run, same, surface_of

SIZE = (160, 90)


@pytest.mark.parametrize("name", ["glow", "strobe_light", "lens_flare", "light_leaks", "film_burn"])
def test_the_rules_hold(name: str) -> None:
    assert_effect_rules(name)


def test_glow_shines_over_what_is_beside_a_highlight() -> None:
    rgb = np.full((90, 160, 3), 20, np.uint8)
    rgb[30:60, 60:100] = 255
    glowing = run("glow", surface_of(rgb))
    beside, far = (colour_at(glowing, x, 45)[1] for x in (104, 158))
    assert beside > 30
    assert far < 24


def test_glow_leaves_black_black() -> None:
    assert max(colour_at(run("glow", plain((0, 0, 0), SIZE)), 80, 45)) <= 2


def test_glow_does_not_darken_the_rim_of_a_picture_with_alpha() -> None:
    y, x = np.mgrid[:90, :160]
    disc = np.clip((30 - np.hypot(x - 80, y - 45)) * 255, 0, 255).astype(np.uint8)
    glowing = run("glow", surface_of(np.full((90, 160, 3), 200, np.uint8), alpha=disc))
    assert not glowing.y[disc == 0].any()
    assert glowing.y[disc == 255].min() >= 186


def test_the_strobe_flashes_eight_times_a_second_whatever_the_frame_rate() -> None:
    for rate in (24, 30, 60, 120):
        lit = [is_lit(frame / rate) for frame in range(10 * rate)]
        flashes = sum(now and not before for before, now in zip([False, *lit], lit, strict=False))
        assert flashes == 80
    assert [is_lit(n / 30) for n in range(300)] == [is_lit(2 * n / 60) for n in range(300)]


def test_a_flash_is_bright_but_not_white_and_the_dark_not_black() -> None:
    grey = plain((128, 128, 128), SIZE)
    flash, dark = (colour_at(run("strobe_light", grey, at=moment(n, size=SIZE)), 5, 5)[0] for n in (0, 2))
    assert 170 < flash < 215
    assert 45 < dark < 90


def test_a_flash_leaves_shadows_their_depth() -> None:
    black, shade, light = (
        colour_at(run("strobe_light", plain((value,) * 3, SIZE), at=moment(0, size=SIZE)), 5, 5)[0]
        for value in (0, 40, 128)
    )
    assert black < 45
    assert shade - black > 40
    assert light - shade > 64


def test_the_strobe_warns() -> None:
    assert "photosensitive" in EFFECTS["strobe_light"].look


@pytest.mark.parametrize("name", ["lens_flare", "light_leaks"])
def test_light_is_only_ever_added(name: str) -> None:
    """Screened light darkens the luma of nothing."""
    for grey in (0, 128, 255):
        before = plain((grey,) * 3, SIZE)
        assert (run(name, before).y.astype(int) - before.y).min() >= -1


def test_the_flare_shines_at_the_upper_third_and_drifts() -> None:
    black = plain((0, 0, 0), (640, 360))
    places = []
    for frame in (0, 90):
        y = run("lens_flare", black, at=moment(frame, size=(640, 360))).y
        row, column = np.unravel_index(int(np.argmax(y)), y.shape)
        assert 0.15 < column / 640 < 0.4
        assert 0.15 < row / 360 < 0.4
        places.append((row, column))
    assert places[0] != places[1]


def test_leaks_are_warm_and_come_from_the_edges() -> None:
    leaking = rgb_of(run("light_leaks", plain((0, 0, 0), SIZE))).astype(float)
    assert leaking[..., 0].mean() > 2 * leaking[..., 2].mean()
    edge = np.concatenate([leaking[:, :8].ravel(), leaking[:, -8:].ravel()]).mean()
    assert edge > 1.5 * leaking[30:60, 60:100].mean()


def test_burning_film_has_holes_of_light_with_charred_rims() -> None:
    burnt = rgb_of(run("film_burn", plain((120, 120, 120), (320, 180)), at=moment(20, size=(320, 180))))
    assert (burnt.min(axis=-1) > 150).mean() > 0.02
    assert (burnt.max(axis=-1) < 60).mean() > 0.01
    assert (np.abs(burnt.astype(int) - 120).max(axis=-1) < 8).mean() > 0.2


@pytest.mark.parametrize("name", ["lens_flare", "light_leaks", "film_burn"])
def test_drifting_light_is_tied_to_time(name: str) -> None:
    grey = plain((90, 90, 90), SIZE)
    slow, fast = moment(45, size=SIZE, frame_rate=30), moment(90, size=SIZE, frame_rate=60)
    assert same(run(name, grey, at=slow), run(name, grey, at=fast))
