"""The viewfinder and what it is drawn with."""

import subprocess
import sys

import numpy as np
import pytest

from gpu_tasks.engine.effects._osd import Ink, lettering
from gpu_tasks.engine.effects.viewfinder import timecode
from tests.engine.effects.stage import assert_effect_rules, colour_at, moment, plain, rgb_of, run, same

SIZE = (640, 360)
DOT_XY = (39, 36)


def test_the_rules_hold() -> None:
    assert_effect_rules("viewfinder", subtle=True)


@pytest.mark.parametrize(
    ("frame", "rate", "expected"),
    [
        (0, 30, "00:00:00:00"),
        (29, 30, "00:00:00:29"),
        (30, 30, "00:00:01:00"),
        (61 * 60 * 25 + 7, 25, "01:01:00:07"),
        (59, 60, "00:00:00:59"),
        (119, 120, "00:00:00:119"),
    ],
)
def test_the_timecode_counts_frames(frame: int, rate: int, expected: str) -> None:
    assert timecode(frame / rate, rate) == expected


def test_the_timecode_advances_with_every_frame_and_nothing_else_moves() -> None:
    grey, scratch = plain((90, 90, 90), SIZE), moment().scratch
    first, later = (run("viewfinder", grey, at=moment(n, size=SIZE, scratch=scratch)).y for n in (3, 4))
    rows, columns = np.nonzero(first != later)
    assert rows.min() > 300
    assert 220 < columns.min() < columns.max() < 420


def test_the_dot_blinks_once_a_second() -> None:
    grey = plain((90, 90, 90), SIZE)
    seen = [colour_at(run("viewfinder", grey, at=moment(n, size=SIZE)), *DOT_XY) for n in (0, 14, 15, 29, 30)]
    assert [red > 180 and green < 100 for red, green, _ in seen] == [True, True, False, False, True]


def test_the_centre_is_marked_and_the_rest_left_as_it_was() -> None:
    seen = rgb_of(run("viewfinder", plain((90, 90, 90), SIZE))).astype(int)
    assert seen[180, 325].min() > 130
    assert np.abs(seen[100:140, 100:250] - 90).max() <= 2


def test_intensity_is_opacity() -> None:
    grey = plain((0, 0, 0), SIZE)
    full, half = (run("viewfinder", grey, amount).y[21:23, 30].max() - 16.0 for amount in (1.0, 0.5))
    assert half == pytest.approx(full / 2, abs=6)


def test_bars_are_antialiased_by_area() -> None:
    ink = Ink(6, 4)
    ink.bar((1.25, 1.0, 3.5, 3.0))
    assert ink.coverage[1].tolist() == [0, 0.75, 1, 0.5, 0, 0]
    assert not ink.coverage[0].any()


def test_letters_too_small_to_read_are_left_out() -> None:
    assert not lettering("REC", 2.0).any()
    assert lettering("REC", 20.0).max() > 0.9


def test_another_run_draws_the_same() -> None:
    grey = plain((90, 90, 90), SIZE)
    assert same(run("viewfinder", grey), run("viewfinder", grey))


def test_skia_is_not_loaded_before_anything_is_drawn() -> None:
    code = "import sys, gpu_tasks.engine.effects; sys.exit('skia' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
