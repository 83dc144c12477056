"""Scan lines and tubes."""

import numpy as np
import pytest

from gpu_tasks.engine.effects._tube import lines
from gpu_tasks.engine.effects.screens import BAR_S, LINE_UNITS
from gpu_tasks.engine.surface import blank
from tests.engine.effects.stage import (
    assert_effect_rules,
    colour_at,
    moment,
    plain,
    rgb_of,
    run,
    same,
    scene_surface,
)

GREY = (140, 140, 140)
SIZE = (320, 180)


def test_the_rules_hold() -> None:
    assert_effect_rules("scanlines")
    assert_effect_rules("crt", keeps_alpha=False)
    assert_effect_rules("television", keeps_alpha=False)


@pytest.mark.parametrize(("height", "period"), [(720, 4.0), (1080, 6.0), (1440, 8.0)])
def test_the_period_of_the_lines_follows_the_picture(height: int, period: float) -> None:
    column = run("scanlines", plain(GREY, (8, height)), at=moment(size=(8, height), unit_px=height / 720)).y[:, 4]
    spectrum = np.abs(np.fft.rfft(column - column.mean()))
    assert height / np.argmax(spectrum) == pytest.approx(period)
    assert height / 720 * LINE_UNITS == period


def test_lines_too_fine_to_be_drawn_become_an_even_grey() -> None:
    assert np.ptp(lines(400, 1, 1.0)) < 1e-6
    assert lines(400, 1, 1.0).mean() == pytest.approx(0.5)
    for period in (2.0, 2.7, 4.0, 6.3):
        assert lines(4000, 1, period).mean() == pytest.approx(0.5, abs=0.01)


def test_chroma_lines_are_the_mean_of_luma_lines() -> None:
    luma, chroma = lines(40, 1, 7.3), lines(20, 2, 7.3)
    assert chroma == pytest.approx((luma[::2] + luma[1::2]) / 2, abs=0.02)


def test_lines_keep_the_hue() -> None:
    before, after = plain((200, 90, 60), SIZE), run("scanlines", plain((200, 90, 60), SIZE))
    u, v = (np.median(plane.astype(float)) - 128 for plane in (after.u, after.v))
    assert u / v == pytest.approx((before.u[0, 0] - 128.0) / (before.v[0, 0] - 128.0), abs=0.05)


@pytest.mark.parametrize("name", ["crt", "television"])
def test_the_glass_has_dark_corners_and_a_bright_centre(name: str) -> None:
    seen = rgb_of(run(name, plain(GREY, SIZE))).astype(int)
    corners = [seen[y, x].max() for y in (0, -1) for x in (0, -1)]
    assert max(corners) < 12
    assert seen[80:100, 150:170].mean() > 80


def test_corners_are_black_and_not_green() -> None:
    red, green, blue = colour_at(run("television", plain((250, 40, 40), SIZE)), 0, 0)
    assert max(red, green, blue) - min(red, green, blue) <= 6


def test_the_grille_shows_red_green_and_blue_stripes_at_a_third_of_the_period_each() -> None:
    size = (1280, 720)
    row = rgb_of(run("crt", plain((180, 180, 180), size, 1)))[360, 300:900].astype(float)
    spectra = np.abs(np.fft.rfft(row - row.mean(axis=0), axis=0))
    assert (np.argmax(spectra, axis=0) == 100).all()
    phases = np.angle(np.fft.rfft(row, axis=0)[100])
    assert np.diff(np.unwrap(phases)) == pytest.approx([-2 * np.pi / 3] * 2, abs=0.2)


def test_the_grille_is_neutral_on_the_whole() -> None:
    seen = rgb_of(run("crt", plain((180, 180, 180), (1280, 720))))[300:420, 500:800].reshape(-1, 3).mean(axis=0)
    assert np.ptp(seen) < 6


def test_the_bar_of_light_rolls_down_and_comes_again() -> None:
    grey = plain(GREY, SIZE)

    def brightest(frame: int) -> int:
        rows = run("television", grey, at=moment(frame, size=SIZE)).y[:, 100:220].astype(float).mean(axis=1)
        return int(np.argmax(np.convolve(rows, np.ones(24) / 24, "same")[20:-20])) + 20

    assert brightest(63) < brightest(72) < brightest(80)
    assert abs(brightest(63) - brightest(63 + round(30 * BAR_S))) < 12


def test_television_is_tied_to_time() -> None:
    picture = scene_surface()
    assert same(*(run("television", picture, at=moment(n, frame_rate=rate)) for n, rate in ((20, 30), (40, 60))))


@pytest.mark.parametrize("name", ["crt", "television", "scanlines"])
def test_nothing_shines_where_the_picture_is_not(name: str) -> None:
    assert not any(plane.any() for plane in run(name, blank(96, 54, 2, alpha=True)).every_plane())
