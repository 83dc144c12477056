"""Blend modes: the W3C formulas, on opaque and on transparent backdrops."""

import numpy as np
import pytest

from gpu_tasks.engine.blend import FORMULAS, Blender, table
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.kernels.colour import yuv_of
from gpu_tasks.engine.sheets import lay
from gpu_tasks.engine.surface import Surface, blank
from gpu_tasks.timeline.catalogue import names


def flat(color: tuple[int, int, int], alpha: int | None = None, subsampling: int = 1) -> Surface:
    surface = blank(8, 6, subsampling, alpha=alpha is not None)
    y, u, v = yuv_of(*color)
    share = 1 if alpha is None else alpha / 255
    surface.fill(round(y * share), round(u * share), round(v * share), alpha or 0)
    return surface


def rgb(surface: Surface) -> list[int]:
    shape = surface.y.shape
    planes = cpu.to_rgb(surface, (cpu.empty(shape), cpu.empty(shape), cpu.empty(shape)))
    return [int(plane[3, 3]) for plane in planes]


def laid(below: Surface, above: Surface, mode: str, amount: float = 1.0) -> Surface:
    blended = Blender(cpu).blended(below, above, mode, amount)
    if blended.is_opaque:
        return blended
    lay(cpu, below, blended)
    return below


def test_every_mode_of_the_catalogue_has_a_formula() -> None:
    assert set(FORMULAS) == {*names("blend_modes"), "difference"} - {"none"}


@pytest.mark.parametrize(
    ("mode", "below", "above", "expected"),
    [
        ("multiply", 128, 128, 64),
        ("screen", 128, 128, 192),
        ("overlay", 64, 200, 100),
        ("overlay", 192, 100, 178),
        ("darken", 40, 90, 40),
        ("lighten", 40, 90, 90),
        ("color_dodge", 60, 204, 255),
        ("color_dodge", 0, 255, 0),
        ("color_burn", 200, 128, 145),
        ("color_burn", 255, 0, 255),
        ("hard_light", 100, 192, 178),
        ("soft_light", 128, 255, 181),
        ("soft_light", 128, 0, 64),
        ("difference", 30, 200, 170),
    ],
)
def test_the_tables_hold_the_formulas(mode: str, below: int, above: int, expected: int) -> None:
    assert abs(int(table(mode)[below, above]) - expected) <= 1


@pytest.mark.parametrize("mode", sorted(FORMULAS))
def test_an_opaque_backdrop_is_blended_channel_by_channel(mode: str) -> None:
    below, above = (180, 90, 60), (70, 140, 220)
    expected = [int(table(mode)[b, a]) for b, a in zip(below, above, strict=True)]
    assert np.abs(np.array(rgb(laid(flat(below), flat(above), mode))) - expected).max() <= 3


def test_over_nothing_the_source_shows_as_it_is() -> None:
    shown = laid(flat((0, 0, 0), alpha=0), flat((70, 140, 220), alpha=255), "multiply")
    assert np.abs(np.array(rgb(shown)) - (70, 140, 220)).max() <= 3
    assert int(shown.alpha[3, 3]) == 255  # type: ignore[index]


def test_half_covered_pixels_are_half_blended() -> None:
    shown = laid(flat((200, 200, 200)), flat((100, 100, 100), alpha=128), "multiply")
    expected = 200 + (int(table("multiply")[200, 100]) - 200) * 128 / 255
    assert abs(rgb(shown)[0] - expected) <= 3


def test_where_the_source_is_clear_not_a_bit_changes() -> None:
    below = flat((17, 99, 201), subsampling=2)
    before = [plane.copy() for plane in below.every_plane()]
    laid(below, flat((0, 0, 0), alpha=0, subsampling=2), "color_burn")
    assert all((a == b).all() for a, b in zip(before, below.every_plane(), strict=True))


def test_half_an_amount_lies_half_way_to_the_source() -> None:
    whole = rgb(laid(flat((200, 200, 200)), flat((100, 100, 100)), "difference"))[0]
    half = rgb(laid(flat((200, 200, 200)), flat((60, 60, 60)), "difference", 0.5))[0]
    assert abs(whole - 100) <= 2
    assert abs(half - (140 + 60) / 2) <= 2
