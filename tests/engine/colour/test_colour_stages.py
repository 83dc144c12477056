"""The colour fields of an element: what each does to a picture, and the rules that all of them keep."""

from typing import Any

import numpy as np
import pytest

from gpu_tasks.engine.colour import Stage, colour_stages
from gpu_tasks.engine.surface import Surface
from gpu_tasks.timeline.catalogue import catalogue
from gpu_tasks.timeline.request import ImageElement, VideoElement
from tests.engine.effects.stage import (
    KINDS,
    TINY,
    Scratch,
    colour_at,
    cpu,
    difference,
    kept,
    moment,
    plain,
    rgb_of,
    same,
    scene_surface,
    straightened,
    surface_of,
)

FIELDS = {
    "brightness": (-100, 100),
    "contrast": (-100, 100),
    "saturation": (-100, 100),
    "exposure": (-100, 100),
    "hue_rotate": (-180, 180),
    "sharpness": (0, 100),
    "blur": (0, 100),
    "noise": (0, 100),
    "vignette": (0, 100),
}
EVERYTHING = dict.fromkeys(FIELDS, 20.0)


def element(**fields: Any) -> ImageElement:
    return ImageElement.model_validate(
        {"type": "image", "id": "a", "duration": 1, "source_url": "https://a.test/a.png", **fields}
    )


def stages(**fields: Any) -> list[Stage]:
    return colour_stages(element(**fields))


def coloured(surface: Surface, frame: int = 0, scratches: list[Scratch] | None = None, **fields: Any) -> Surface:
    """The surface after the stages that the fields ask for, copied out of their scratch."""
    size = (surface.width, surface.height)
    for index, stage in enumerate(stages(**fields)):
        scratch = scratches[index] if scratches else None
        given = straightened(surface) if stage.straight else surface
        surface = kept(stage.apply(given, moment(frame, size=size, scratch=scratch)))
        if stage.straight:
            _premultiply(surface)
    return surface


def _premultiply(surface: Surface) -> None:
    for (plane, _, _), alpha in zip(surface.planes(), surface.alphas(), strict=True):
        if alpha is not None:
            plane[...] = cpu.multiply(plane, alpha)


def largest_change(first: Surface, second: Surface) -> float:
    planes = zip(first.every_plane(), second.every_plane(), strict=True)
    return max(float(np.abs(a.astype(int) - b).mean()) for a, b in planes)


def grey(level: int) -> Surface:
    return plain((level, level, level))


def shown(surface: Surface) -> list[int]:
    return list(colour_at(surface, 16, 9))


def test_the_fields_and_their_ranges_are_those_of_the_catalogue() -> None:
    for name, (low, high) in FIELDS.items():
        for kind in ("video", "image"):
            entry = catalogue()["elements"][kind][name]
            assert (entry["engine_min"], entry["engine_max"]) == (low, high)


def test_neutral_values_ask_for_nothing() -> None:
    assert stages() == []
    assert stages(**dict.fromkeys(FIELDS, 0)) == []
    assert stages(brightness=-0.0, blur=-3) == []
    clip = VideoElement.model_validate({"type": "video", "source_url": "https://a.test/a.mp4", "contrast": 1})
    assert [stage.name for stage in colour_stages(clip)] == ["grade"]


def test_the_stages_come_in_the_order_of_the_contract() -> None:
    assert [stage.name for stage in stages(**EVERYTHING)] == ["grade", "sharpness", "blur", "noise", "vignette"]


def test_only_noise_moves() -> None:
    assert [stage.name for stage in stages(**EVERYTHING) if stage.animated] == ["noise"]


@pytest.mark.parametrize("name", FIELDS)
def test_values_beyond_the_range_are_its_ends(name: str) -> None:
    surface = scene_surface()
    for end in FIELDS[name]:
        beyond = coloured(surface, **{name: 50 * end})
        assert same(beyond, coloured(surface, **{name: end}))


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("name", FIELDS)
def test_a_value_sets_in_gently_and_shows_at_its_end(name: str, kind: tuple[tuple[int, int], int, bool]) -> None:
    size, step, alpha = kind
    surface = scene_surface(size, step, alpha=alpha)
    before = kept(surface)
    slight, full = coloured(surface, **{name: 0.2}), coloured(surface, **{name: FIELDS[name][1] * 0.6})
    assert same(surface, before)
    assert difference(slight, surface) < 1.0
    assert largest_change(full, surface) > 0.9
    assert full.is_opaque == surface.is_opaque
    if name != "blur" and surface.alpha is not None:
        assert full.alpha is not None
        assert np.array_equal(full.alpha, surface.alpha)
    if full.alpha is not None:
        assert not full.y[full.alpha == 0].any()
        assert (full.y <= full.alpha).all()


@pytest.mark.parametrize("size", TINY)
@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize("alpha", [False, True])
def test_tiny_pictures_pass(size: tuple[int, int], step: int, alpha: bool) -> None:
    out = coloured(scene_surface(size, step, alpha=alpha), **EVERYTHING)
    assert (out.width, out.height) == size


def test_a_frame_depends_on_nothing_that_was_rendered_before() -> None:
    surface = scene_surface()
    scratches = [Scratch(cpu) for _ in range(5)]
    alone = coloured(surface, 7, **EVERYTHING)
    for frame in (3, 9):
        coloured(scene_surface((96, 54)), frame, scratches, **EVERYTHING)
    assert same(coloured(surface, 7, scratches, **EVERYTHING), alone)


@pytest.mark.parametrize(
    ("fields", "before", "after"),
    [
        ({"brightness": 20}, 100, 151),
        ({"brightness": -20}, 100, 49),
        ({"brightness": 100}, 0, 255),
        ({"brightness": -100}, 255, 0),
        ({"contrast": 50}, 178, 203),
        ({"contrast": 100}, 64, 0),
        ({"contrast": -100}, 3, 128),
        ({"exposure": 50}, 100, 137),
        ({"exposure": -50}, 100, 73),
        ({"exposure": 100}, 0, 0),
        ({"saturation": 100}, 77, 77),
        ({"hue_rotate": 90}, 77, 77),
        ({"brightness": 10, "contrast": 50}, 128, 166),
    ],
)
def test_greys_go_where_the_formula_says(fields: dict[str, float], before: int, after: int) -> None:
    assert shown(coloured(grey(before), **fields)) == pytest.approx([after] * 3, abs=2)


def test_exposure_counts_in_stops_of_linear_light() -> None:
    light = (np.array(shown(coloured(grey(90), exposure=50))) / 255) ** 2.2
    assert light == pytest.approx(2 * (90 / 255) ** 2.2, rel=0.05)


def test_saturation_stretches_colours_from_their_grey() -> None:
    assert shown(coloured(plain((150, 100, 100)), saturation=-100)) == pytest.approx([111] * 3, abs=2)
    assert shown(coloured(plain((150, 110, 100)), saturation=50)) == pytest.approx([166, 106, 91], abs=2)


def test_hue_turns_from_red_by_way_of_yellow() -> None:
    red, green, blue = shown(coloured(plain((200, 60, 60)), hue_rotate=60))
    assert min(red, green) > blue + 60
    turned = shown(coloured(plain((200, 60, 60)), hue_rotate=180))
    assert same(coloured(plain((200, 60, 60)), hue_rotate=-180), coloured(plain((200, 60, 60)), hue_rotate=180))
    assert turned[0] < min(turned[1], turned[2])


@pytest.mark.parametrize("colour", [(200, 30, 30), (20, 60, 230), (30, 180, 60), (205, 150, 125)])
@pytest.mark.parametrize("step", [1, 2])
def test_what_is_driven_to_black_or_white_has_no_colour(colour: tuple[int, int, int], step: int) -> None:
    assert shown(coloured(plain(colour, subsampling=step), brightness=-100)) == pytest.approx([0] * 3, abs=2)
    assert shown(coloured(plain(colour, subsampling=step), brightness=100)) == pytest.approx([255] * 3, abs=2)


def test_red_and_blue_clip_as_in_rgb() -> None:
    red, _, blue = shown(coloured(plain((200, 90, 60)), brightness=-40))
    assert (red, blue) == (pytest.approx(98, abs=3), pytest.approx(0, abs=3))


def test_sharpening_lifts_edges_and_leaves_the_even_alone() -> None:
    edge = np.full((40, 40, 3), 90, np.uint8)
    edge[:, 20:] = 160
    surface = surface_of(edge, 1)
    stage = stages(sharpness=100)[0]
    sharp = kept(stage.apply(surface, moment(size=(40, 40), unit_px=1.0)))
    row = sharp.y[20].astype(int) - surface.y[20]
    assert row[19] < -8
    assert row[20] > 8
    assert not row[:14].any()
    assert not row[26:].any()


def test_sharpening_makes_no_rim_along_the_transparent() -> None:
    coverage = np.zeros((40, 40), np.uint8)
    coverage[:, 20:] = 255
    surface = surface_of(np.full((40, 40, 3), 150, np.uint8), 1, coverage)
    stage = stages(sharpness=100)[0]
    sharp = kept(stage.apply(surface, moment(size=(40, 40), unit_px=1.0)))
    assert np.abs(sharp.y.astype(int) - surface.y).max() <= 2


@pytest.mark.parametrize(("blur", "sigma_px"), [(5, 2), (25, 10), (100, 40)])
def test_blur_is_a_gaussian_of_two_fifths_of_a_unit(blur: float, sigma_px: float) -> None:
    width = 401
    line = np.zeros((9, width, 3), np.uint8)
    line[:, width // 2 :] = 255
    blurred = kept(stages(blur=blur)[0].apply(surface_of(line, 1), moment(size=(width, 9), unit_px=1.0)))
    slope = np.diff(blurred.y[4].astype(float))
    place = np.arange(width - 1)
    mean = (slope * place).sum() / slope.sum()
    found = ((slope * (place - mean) ** 2).sum() / slope.sum()) ** 0.5
    assert found == pytest.approx(sigma_px, rel=0.06)


@pytest.mark.parametrize(("noise", "sigma"), [(50 / 3, 4), (100, 24)])
def test_noise_has_the_deviation_it_says_and_touches_luma_alone(noise: float, sigma: float) -> None:
    surface = plain((128, 128, 128), (256, 144))
    noisy = kept(stages(noise=noise)[0].apply(surface, moment(size=(256, 144), unit_px=1.0)))
    grain = noisy.y.astype(float) - surface.y
    assert grain.std() == pytest.approx(sigma, rel=0.03)
    assert grain.mean() == pytest.approx(0, abs=0.2)
    assert np.array_equal(noisy.u, surface.u)


def test_noise_is_new_in_every_frame_and_the_same_in_the_same() -> None:
    surface = grey(128)
    first, again, next_one = (coloured(surface, frame, noise=40) for frame in (4, 4, 5))
    assert same(first, again)
    assert difference(first, next_one) > 3


def test_a_vignette_darkens_corners_and_spares_the_middle() -> None:
    white = plain((255, 255, 255), (160, 90))
    dark = rgb_of(coloured(white, vignette=100))[..., 1].astype(int)
    assert dark[45, 80] == 255
    assert max(dark[0, 0], dark[0, -1], dark[-1, 0], dark[-1, -1]) < 16
    assert (np.diff(dark[45, 80:]) <= 0).all()
    assert np.abs(dark - dark[::-1, ::-1]).max() <= 1
    half = rgb_of(coloured(white, vignette=50))[..., 1].astype(int)
    assert 120 < half[0, 0] < 145
