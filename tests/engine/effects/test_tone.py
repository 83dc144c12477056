"""Curves and grades: smooth, without overshoot, and true to the curves that they were drawn with."""

import numpy as np
import pytest

from gpu_tasks.engine.effects._palette import rgb_of as palette_of
from gpu_tasks.engine.effects._tone import CODES, LUMA, STRAIGHT, Grade, curve, graded, tables_of
from tests.engine.effects.stage import colour_at, difference, moment, plain, scene_surface

BENT = ((0.0, 0.1), (0.25, 0.2), (0.5, 0.6), (1.0, 0.9))


def test_a_curve_passes_through_its_points() -> None:
    places, values = np.array(BENT).T
    assert curve(BENT, places) == pytest.approx(values)


def test_a_curve_never_overshoots() -> None:
    steep = ((0.0, 0.0), (0.4, 0.01), (0.5, 0.99), (1.0, 1.0))
    values = curve(steep, np.linspace(0, 1, 500))
    assert values.min() >= 0
    assert values.max() <= 1
    assert (np.diff(values) >= -1e-12).all()


def test_a_curve_is_flat_outside_its_points() -> None:
    assert curve(BENT, np.array([-1.0, 2.0])) == pytest.approx([0.1, 0.9])


def test_straight_curves_change_nothing() -> None:
    tables = tables_of(Grade(), 1)
    legal = slice(16, 236)
    assert np.array_equal(tables.y[legal], CODES[legal].astype(np.uint8))
    # Colours that R'G'B' can show: a table's corners are beyond black and white.
    middle = tables.u[126, 70:187]
    assert np.abs(middle.astype(int) - np.arange(70, 187)).max() <= 1


def test_a_grade_gives_greys_the_values_of_its_curves() -> None:
    grade = Grade(red=BENT, green=STRAIGHT, blue=((0.0, 0.2), (1.0, 0.7)))
    surface = plain((128, 128, 128))
    red, green, blue = colour_at(graded(surface, moment(), grade, 1.0), 8, 8)
    assert red == pytest.approx(255 * curve(BENT, np.array([0.5]))[0], abs=4)
    assert green == pytest.approx(128, abs=4)
    assert blue == pytest.approx(255 * 0.45, abs=4)


def test_saturation_0_leaves_greys() -> None:
    grade = Grade(saturation=((0.0, 0.0), (1.0, 0.0)))
    red, green, blue = colour_at(graded(plain((200, 90, 40)), moment(), grade, 1.0), 8, 8)
    assert max(red, green, blue) - min(red, green, blue) <= 2


def test_a_twist_turns_colours_about_grey() -> None:
    swapped = Grade(twist=((0.0, 1.0), (1.0, 0.0)))
    surface = scene_surface()
    out = graded(surface, moment(), swapped, 1.0)
    assert np.abs(out.u.astype(int) - surface.v).max() <= 2
    assert np.abs(out.v.astype(int) - surface.u).max() <= 2
    assert difference(graded(surface, moment(), swapped, 0.0), surface) == 0


def test_a_palette_shows_its_stops_where_they_are() -> None:
    stops = ((0.0, "#102030"), (0.4, "#ff0000"), (1.0, "#ffffff"))
    colours = palette_of(stops, np.array([0.0, 0.4, 1.0])) * 255
    assert colours == pytest.approx(np.array([[16, 32, 48], [255, 0, 0], [255, 255, 255]]), abs=0.01)


def test_luma_codes_cover_the_limited_range() -> None:
    assert (LUMA[16], LUMA[235]) == (0, 1)
