"""The recorder's display."""

import numpy as np
import pytest

from gpu_tasks.engine.effects._recorder_font import COLUMNS, GLYPHS, ROWS
from gpu_tasks.engine.effects.vhs_overlay import clock, counter
from tests.engine.effects.stage import assert_effect_rules, moment, plain, run, same

pytestmark = pytest.mark.slow

SIZE = (640, 360)


def test_the_rules_hold() -> None:
    assert_effect_rules("vhs_overlay", subtle=True)


def test_every_glyph_has_its_dots() -> None:
    for character, rows in GLYPHS.items():
        assert len(rows) == ROWS, character
        assert all(len(row) == COLUMNS and set(row) <= {"#", "."} for row in rows), character


def test_no_two_glyphs_are_alike() -> None:
    assert len(set(GLYPHS.values())) == len(GLYPHS)


@pytest.mark.parametrize(("time_s", "text"), [(0, "0:00:00"), (59.99, "0:00:59"), (60, "0:01:00"), (3671.2, "1:01:11")])
def test_the_counter_shows_the_time_of_the_element(time_s: float, text: str) -> None:
    assert counter(time_s) == text


def test_the_clock_goes_on_with_the_tape() -> None:
    assert (clock(0), clock(61)) == ("PM  7:42:00", "PM  7:43:01")
    assert clock(4.5 * 3600) == "AM 12:12:00"
    assert all(character in GLYPHS for time_s in range(0, 90_000, 601) for character in clock(time_s) + counter(time_s))


def test_the_display_changes_with_the_second_at_its_place() -> None:
    grey, scratch = plain((60, 60, 60), SIZE), moment().scratch
    before, after = (run("vhs_overlay", grey, at=moment(n, size=SIZE, scratch=scratch)).y.astype(int) for n in (28, 30))
    display = np.s_[270:330, 20:200]
    assert np.abs(before[display] - after[display]).max() > 80
    assert before[27:50, 27:90].max() > 200


def test_dropouts_stay_for_a_fifteenth_of_a_second() -> None:
    grey = plain((60, 60, 60), SIZE)
    frames = [run("vhs_overlay", grey, at=moment(n, size=SIZE)) for n in (0, 1, 2)]
    assert same(frames[0], frames[1])
    assert not same(frames[1], frames[2])
