"""The bars that gaze redirect is held to, on the displaced photograph at three times its size."""

import numpy as np
import pytest

from benchmarks.gaze.bars import Bar, case_bars, jitter_bars, still_bars
from benchmarks.gaze.cases import Case, cases, redirected
from benchmarks.gaze.displaced import displaced
from benchmarks.gaze.meter import offset_of
from benchmarks.gaze.panned import jitter
from benchmarks.gaze.portrait import portrait
from benchmarks.gaze.treated import readings
from benchmarks.gaze.turned import YAWS_DEG, turns


@pytest.fixture(scope="module")
def measured() -> list[Case]:
    return list(cases(portrait()))


def missed(bars: list[Bar]) -> list[str]:
    return [f"{bar.what}: {bar.figure:.3f}" for bar in bars if not bar.passed]


@pytest.mark.parametrize("kind", ["plain", "shaded"])
@pytest.mark.parametrize("offset", [-0.4, -0.15, 0.25])
def test_the_meter_reads_known_moves(kind: str, offset: float) -> None:
    read, up = offset_of(portrait(), displaced(portrait(), kind, offset))
    assert read == pytest.approx(offset, abs=0.025)
    assert up == pytest.approx(0, abs=0.02)


def test_the_meter_reads_nothing_in_the_photograph_itself() -> None:
    assert offset_of(portrait(), portrait().rgb) == pytest.approx((0, 0), abs=0.001)


@pytest.mark.slow
def test_removes_what_was_displaced(measured: list[Case]) -> None:
    assert missed(list(case_bars(measured))) == []


@pytest.mark.slow
def test_leaves_less_than_half_of_a_large_offset(measured: list[Case]) -> None:
    left = {(case.kind, case.offset): abs(case.moved_to[-1]) for case in measured if abs(case.offset) >= 0.25}
    assert {key: value for key, value in left.items() if value >= abs(key[1]) / 2} == {}


@pytest.mark.slow
def test_moves_further_with_every_step_of_intensity(measured: list[Case]) -> None:
    for case in measured:
        assert list(case.removed) == sorted(set(case.removed)), case


@pytest.mark.slow
@pytest.mark.parametrize("mirrored", [False, True])
def test_leaves_eyes_that_look_into_the_camera(mirrored: bool) -> None:
    photograph = portrait(mirrored=mirrored)
    (full,), (none,) = redirected([photograph.rgb]), redirected([photograph.rgb], 0.0)
    changed = float((none.rgb != photograph.rgb).sum())
    assert missed(list(still_bars(offset_of(photograph, full.rgb)[0], changed))) == []


@pytest.mark.slow
@pytest.mark.parametrize("down", [-0.15, 0.15])
def test_adds_no_vertical_offset(down: float) -> None:
    moved = displaced(portrait(), "shaded", 0.25, down)
    (frame,) = redirected([moved])
    assert offset_of(portrait(), frame.rgb)[1] == pytest.approx(offset_of(portrait(), moved)[1], abs=0.1)


@pytest.mark.slow
def test_renders_still_irises_on_a_noisy_pan() -> None:
    assert missed(list(jitter_bars([jitter(portrait(), 8.0)]))) == []


@pytest.mark.slow
def test_reads_eyes_that_turn_with_the_head_as_looking_away() -> None:
    read = list(turns(portrait()))
    assert len(read) == len(YAWS_DEG)
    slope, _ = np.polyfit([turn.expected for turn in read], [turn.read_offset for turn in read], 1)
    assert 0.7 < slope < 1.4


@pytest.mark.slow
def test_reads_poor_pictures_and_other_eyes() -> None:
    read = list(readings(portrait()))
    assert [reading for reading in read if reading.read is None] == []
    errors = {(r.treatment, r.offset): (r.read or 0.0) - r.offset for r in read}
    assert {key: round(error, 3) for key, error in errors.items() if abs(error) > 0.15} == {}
