"""Grain, dust and snow."""

import numpy as np
import pytest

from gpu_tasks.engine.effects.dust import _rolled
from gpu_tasks.engine.kernels import cpu
from tests.engine.effects.stage import assert_effect_rules, moment, plain, run, same

pytestmark = pytest.mark.slow

GREY = (128, 128, 128)
SIZE = (320, 180)


def test_the_rules_hold() -> None:
    assert_effect_rules("add_grain")
    assert_effect_rules("snow", subtle=True)


def test_grain_neither_darkens_nor_brightens() -> None:
    grey = plain(GREY, SIZE)
    grained = run("add_grain", grey)
    change = grained.y.astype(int) - grey.y.astype(int)
    assert abs(np.median(change)) <= 1
    assert abs(change.mean()) < 0.5
    assert 4 < change.std() < 14


def test_grain_is_calm_in_black_and_lively_in_grey() -> None:
    lively, calm = (run("add_grain", plain(colour, SIZE)).y.std() for colour in (GREY, (0, 0, 0)))
    assert lively > 1.6 * calm


def test_grain_differs_from_frame_to_frame_but_not_from_run_to_run() -> None:
    grey = plain(GREY, SIZE)
    first, again, next_one = (run("add_grain", grey, at=moment(n, size=SIZE)) for n in (4, 4, 5))
    assert same(first, again)
    assert not same(first, next_one)


def test_two_elements_do_not_share_their_grain() -> None:
    grey = plain(GREY, SIZE)
    assert not same(*(run("add_grain", grey, at=moment(size=SIZE, element=name)) for name in ("one", "other")))


def test_snow_falls() -> None:
    """A moment later the same flakes lie lower."""
    dark, scratch = plain((10, 10, 30), SIZE), moment().scratch
    now, later = (
        run("snow", dark, at=moment(n, size=SIZE, frame_rate=60, scratch=scratch)).y.astype(float) for n in (60, 63)
    )
    centred = [picture - picture.mean() for picture in (now, later)]
    shifts = range(-6, 7)
    likeness = [float((np.roll(centred[0], shift, axis=0) * centred[1]).mean()) for shift in shifts]
    assert shifts[int(np.argmax(likeness))] > 0


def test_snow_shows_the_same_at_the_same_time_at_any_frame_rate() -> None:
    dark = plain((10, 10, 30), SIZE)
    assert same(
        run("snow", dark, at=moment(30, size=SIZE, frame_rate=30)),
        run("snow", dark, at=moment(60, size=SIZE, frame_rate=60)),
    )


def test_snow_never_runs_out() -> None:
    dark = plain((10, 10, 30), SIZE)
    early, late = (run("snow", dark, at=moment(n, size=SIZE)).y.mean() for n in (0, 30 * 3600))
    assert late == pytest.approx(early, rel=0.1)


def test_rolling_a_tile_wraps_around_both_ways() -> None:
    tile = np.random.default_rng(0).integers(0, 256, (9, 13), dtype=np.uint8)
    padded = np.pad(tile, ((0, 1), (0, 1)), mode="wrap")
    for x, y in ((3, 4), (-5, 20), (0, 0), (13, 9)):
        assert np.array_equal(_rolled(cpu, padded, x, y, np.empty_like(tile)), np.roll(tile, (y, x), axis=(0, 1)))
    half = _rolled(cpu, padded, 0.5, 0, np.empty_like(tile)).astype(float)
    assert np.abs(half - (tile + np.roll(tile, 1, axis=1).astype(float)) / 2).max() <= 1
