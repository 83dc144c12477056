"""Print: how much ink, of what colour, and where the dots are."""

import numpy as np
import pytest

from gpu_tasks.engine.effects.halftone import SINGLE_INKS
from tests.engine.effects.stage import assert_effect_rules, moment, plain, rgb_of, run, surface_of

pytestmark = pytest.mark.slow

SIZE = (180, 120)
SINGLE = ["cc_halftone_blue", "cc_halftone_green", "cc_halftone_red"]
CHANNEL = {"red": 0, "green": 1, "blue": 2}


@pytest.mark.parametrize("name", ["cc_halftone", *SINGLE])
def test_the_rules_hold(name: str) -> None:
    assert_effect_rules(name, subtle=True)


def print_of(name: str, grey: int, *, unit_px: float = 1.0) -> np.ndarray:
    return rgb_of(run(name, plain((grey, grey, grey), SIZE, 1), 1.0, moment(size=SIZE, unit_px=unit_px)))


@pytest.mark.parametrize("name", SINGLE)
def test_one_ink_on_white_paper(name: str) -> None:
    sheet = print_of(name, 120).reshape(-1, 3)
    ink, paper = sheet[sheet.sum(axis=1).argmin()], sheet[sheet.sum(axis=1).argmax()]
    assert paper.min() >= 245
    own = CHANNEL[name.rsplit("_", 1)[1]]
    assert all(ink[own] > ink[other] + 30 for other in range(3) if other != own)


def inked_share(grey: int) -> float:
    red = print_of("cc_halftone_blue", grey)[:, :, 0].astype(float)
    return float((250 - red.mean()) / (250 - SINGLE_INKS["blue"][0]))


def test_the_area_of_the_dots_follows_the_tone() -> None:
    shares = [inked_share(grey) for grey in (0, 60, 128, 195, 255)]
    assert shares[0] > 0.97
    assert shares[-1] < 0.01
    assert shares[1:4] == pytest.approx([1 - 60 / 255, 1 - 128 / 255, 1 - 195 / 255], abs=0.09)


def test_dots_are_crisp() -> None:
    """Most of a print is either ink or paper."""
    sheet = print_of("cc_halftone_blue", 200)[:, :, 0].astype(int)
    low, high = sheet.min(), sheet.max()
    between = ((sheet > low + 0.15 * (high - low)) & (sheet < high - 0.15 * (high - low))).mean()
    assert between < 0.3


def test_dots_are_of_one_size_in_units() -> None:
    """Twice the unit, dots twice as far apart: the spectrum's strongest frequency halves."""

    def strongest(unit_px: float) -> float:
        sheet = print_of("cc_halftone_green", 170, unit_px=unit_px)[:120, :120, 0].astype(float)
        spectrum = np.abs(np.fft.rfft2(sheet - sheet.mean()))
        row, column = np.unravel_index(spectrum.argmax(), spectrum.shape)
        return float(np.hypot(min(row, 120 - row), column)) / 120

    assert strongest(1.0) == pytest.approx(2 * strongest(2.0), abs=0.02)
    assert strongest(1.0) == pytest.approx(1 / 9, abs=0.02)


@pytest.mark.parametrize("colour", [(215, 155, 120), (70, 130, 190), (90, 140, 60), (150, 150, 150), (240, 220, 90)])
def test_from_afar_a_colour_print_has_the_colours_of_the_picture(colour: tuple[int, int, int]) -> None:
    sheet = rgb_of(run("cc_halftone", plain(colour, SIZE, 1), 1.0, moment(size=SIZE, unit_px=1.0)))
    assert np.abs(sheet.reshape(-1, 3).mean(axis=0) - colour).max() <= 26


def test_a_colour_print_is_made_of_several_inks() -> None:
    sheet = rgb_of(run("cc_halftone", plain((150, 150, 150), SIZE, 1), 1.0, moment(size=SIZE, unit_px=1.0)))
    assert np.ptp(sheet.astype(int), axis=2).max() > 120
    assert np.abs(np.diff(sheet.reshape(-1, 3).mean(axis=0))).max() < 20


@pytest.mark.parametrize("name", ["cc_halftone", *SINGLE])
def test_partial_alpha_takes_no_more_ink(name: str) -> None:
    """The print of a half transparent picture is that of the opaque one, half transparent."""
    rgb = np.full((SIZE[1], SIZE[0], 3), (200, 150, 110), np.uint8)
    at = moment(size=SIZE, unit_px=1.0)
    opaque = run(name, surface_of(rgb, 1), 1.0, at)
    partial = run(name, surface_of(rgb, 1, np.full(rgb.shape[:2], 128, np.uint8)), 1.0, at)
    assert abs(partial.y.mean() * 255 / 128 - opaque.y.mean()) <= 3
