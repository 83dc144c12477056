"""Chroma key: what goes, what stays, and the edges between."""

import colorsys
from itertools import pairwise

import numpy as np
import pytest

from gpu_tasks.engine.effects.key import _tables
from gpu_tasks.engine.kernels.colour import yuv_of
from gpu_tasks.engine.surface import Surface
from gpu_tasks.timeline.request import ChromaSettings
from tests.engine.effects.stage import (
    assert_effect_rules,
    moment,
    plain,
    rgb_of,
    run,
    same,
    scene_surface,
    straightened,
    surface_of,
)

GREENS = ((0, 177, 64), (0, 255, 0), (40, 200, 60), (16, 120, 40), (90, 220, 90))
KEPT = ((224, 172, 140), (141, 85, 56), (80, 50, 38), (255, 255, 255), (128, 128, 128), (8, 9, 8), (210, 40, 40))


def opacity_of(colour: tuple[int, int, int], amount: float = 1.0, chroma: ChromaSettings | None = None) -> int:
    keyed = run("chroma_key", plain(colour), amount, moment(size=(32, 18), chroma=chroma))
    assert keyed.alpha is not None
    return int(keyed.alpha[9, 16])


def test_the_rules_hold() -> None:
    assert_effect_rules("chroma_key", keeps_alpha=False, keeps_opaque=False)


@pytest.mark.parametrize("subsampling", [1, 2])
@pytest.mark.parametrize("alpha", [True, False])
def test_at_nothing_it_is_the_input(subsampling: int, alpha: bool) -> None:
    picture = scene_surface((61, 43), subsampling, alpha=alpha)
    assert same(run("chroma_key", picture, 0.0), picture)


@pytest.mark.parametrize("colour", GREENS)
def test_green_goes(colour: tuple[int, int, int]) -> None:
    assert opacity_of(colour) == 0


@pytest.mark.parametrize("colour", KEPT)
def test_skin_hair_white_and_red_stay(colour: tuple[int, int, int]) -> None:
    assert opacity_of(colour) == 255


def test_what_stays_keeps_its_colour() -> None:
    for colour in KEPT:
        seen = rgb_of(run("chroma_key", plain(colour)))[9, 16].astype(int)
        assert np.abs(seen - colour).max() <= 4


def test_intensity_scales_how_much_is_removed() -> None:
    assert 115 <= opacity_of((0, 177, 64), 0.5) <= 140


def test_a_hue_range_may_wrap_around_red() -> None:
    reds = ChromaSettings(hue_min=340, hue_max=20)
    assert opacity_of((220, 20, 20), chroma=reds) == 0
    assert opacity_of((220, 20, 60), chroma=reds) == 0
    assert opacity_of((0, 177, 64), chroma=reds) == 255
    assert opacity_of((20, 20, 220), chroma=reds) == 255


def test_lightness_and_saturation_bound_the_range() -> None:
    assert opacity_of((0, 60, 20), chroma=ChromaSettings(lum_min=40)) == 255
    assert opacity_of((140, 160, 140), chroma=ChromaSettings(sat_min=50)) == 255
    assert opacity_of((0, 177, 64), chroma=ChromaSettings(lum_max=20)) == 255


def test_black_can_be_keyed_when_every_hue_is_wanted() -> None:
    black = ChromaSettings(hue_min=0, hue_max=360, sat_min=0, lum_min=0, lum_max=10)
    assert opacity_of((0, 0, 0), chroma=black) == 0
    assert opacity_of((128, 128, 128), chroma=black) == 255


def test_beyond_the_range_the_key_fades_out_softly() -> None:
    opacities = []
    for degrees in range(150, 190, 2):
        red, green, blue = (round(255 * c) for c in colorsys.hls_to_rgb(degrees / 360, 0.4, 0.9))
        opacities.append(opacity_of((red, green, blue)))
    assert opacities[0] == 0
    assert opacities[-1] == 255
    assert all(later >= before - 2 for before, later in pairwise(opacities))
    assert max(np.diff(opacities)) < 70


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_green_spilt_on_grey_becomes_neutral(share: float) -> None:
    mixed = tuple(round((1 - share) * 128 + share * screen) for screen in (0, 255, 0))
    keyed = straightened(run("chroma_key", plain((mixed[0], mixed[1], mixed[2]))))
    assert abs(int(keyed.u[4, 8]) - 128) <= 2
    assert abs(int(keyed.v[4, 8]) - 128) <= 2


def test_colours_far_from_the_key_give_up_nothing() -> None:
    tables = _tables(ChromaSettings(), 1.0)
    for colour in ((224, 172, 140), (210, 40, 40), (40, 60, 210), (200, 30, 200)):
        _, u, v = yuv_of(*colour)
        assert int(tables.spill[u, v]) == 0
        assert (int(tables.u[u, v]), int(tables.v[u, v])) == (u, v)


def test_it_is_premultiplied_and_times_the_alpha_that_was_there() -> None:
    picture = scene_surface(alpha=True)
    keyed = run("chroma_key", picture)
    assert keyed.alpha is not None
    assert picture.alpha is not None
    assert (keyed.alpha <= picture.alpha).all()
    assert (keyed.y <= keyed.alpha).all()
    assert not keyed.y[keyed.alpha == 0].any()


def test_a_person_before_a_green_screen_has_a_soft_edge_and_no_green_fringe() -> None:
    keyed = run("chroma_key", _person())
    assert keyed.alpha is not None
    assert keyed.alpha[5, 5] == 0
    assert keyed.alpha[45, 80] == 255
    assert ((keyed.alpha > 20) & (keyed.alpha < 235)).any()
    seen = rgb_of(straightened(keyed)).astype(int)
    edge = (keyed.alpha > 128) & (keyed.alpha < 255)
    assert (seen[edge][:, 1] - seen[edge][:, [0, 2]].max(axis=1)).max() < 30


def _person() -> Surface:
    y, x = np.mgrid[:90, :160]
    inside = np.clip(25 - np.hypot(x - 80, y - 45), -1, 1)[..., None] / 2 + 0.5
    rgb = inside * np.array([224, 172, 140]) + (1 - inside) * np.array([0, 177, 64])
    return surface_of(rgb.astype(np.uint8))
