"""The step on clips and pictures: what it touches, what it leaves alone, and when."""

from collections.abc import Iterator
from fractions import Fraction

import cv2
import numpy as np
import pytest

from benchmarks.gaze.displaced import displaced
from benchmarks.gaze.meter import offset_of
from benchmarks.gaze.portrait import portrait
from gpu_tasks.models.gaze.redirect import GazeRedirect
from gpu_tasks.models.step import Frame, Rgb
from gpu_tasks.weights.catalogue import descriptor
from tests.models.gaze.portraits import frames, head_of, outside, placed, shut

pytestmark = pytest.mark.slow
SIDE = 540


def away(offset: float = 0.3) -> Rgb:
    return displaced(portrait(), "shaded", offset)


def test_keeps_the_size() -> None:
    assert GazeRedirect(1.0, still=True).size(123, 457) == (123, 457)


def test_changes_nothing_at_intensity_0() -> None:
    source = frames([away()] * 3)
    results = list(GazeRedirect(0.0, still=False).process(source))
    assert [r.rgb is s.rgb for r, s in zip(results, source, strict=True)] == [True] * 3
    assert {r.changed for r in results} == {()}


def test_changes_nothing_outside_the_boxes_that_it_names() -> None:
    source = away()
    (result,) = GazeRedirect(1.0, still=True).process(frames([source]))
    assert result.changed
    assert len(result.changed) == 2
    assert np.array_equal(
        result.rgb[outside(source.shape, result.changed)], source[outside(source.shape, result.changed)]
    )
    for box, eye in zip(sorted(result.changed), portrait().eyes, strict=True):
        assert eye.box[0] <= box[0] < box[0] + box[2] <= eye.box[0] + eye.box[2]
        assert eye.box[1] <= box[1] < box[1] + box[3] <= eye.box[1] + eye.box[3]


def test_does_not_write_into_what_it_was_given() -> None:
    source = away()
    before = source.copy()
    list(GazeRedirect(1.0, still=True).process(frames([source])))
    assert np.array_equal(source, before)


def test_keeps_times_and_alpha() -> None:
    alpha = np.full(away().shape[:2], 77, np.uint8)
    (result,) = GazeRedirect(1.0, still=True).process([Frame(away(), alpha, Fraction(5, 7))])
    assert result.alpha is alpha
    assert result.time_s == Fraction(5, 7)


@pytest.mark.parametrize("size", [(640, 360), (1, 1), (3, 2000), (33, 17)])
def test_passes_a_clip_without_a_face(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (size[1], size[0], 3), np.uint8)
    source = frames([noise] * 3)
    results = list(GazeRedirect(1.0, still=False).process(source))
    assert [r.rgb is s.rgb for r, s in zip(results, source, strict=True)] == [True] * 3
    assert {r.changed for r in results} == {()}


def test_leaves_closed_eyes_within_a_clip() -> None:
    closed = shut(away(), portrait())
    results = list(GazeRedirect(1.0, still=False).process(frames([away()] * 4 + [closed] * 3 + [away()] * 4)))
    assert [bool(result.changed) for result in results] == [True] * 4 + [False] * 3 + [True] * 4


def test_says_when_nobody_was_found() -> None:
    step = GazeRedirect(1.0, still=False)
    list(step.process(frames([np.zeros((90, 160, 3), np.uint8)] * 2)))
    assert [warning.partition(":")[0] for warning in step.warnings] == ["no_face"]


def test_does_not_warn_of_a_clip_with_a_face_or_of_one_that_is_not_looked_at() -> None:
    for intensity, picture in ((1.0, head_of(away())), (0.0, np.zeros((90, 160, 3), np.uint8))):
        step = GazeRedirect(intensity, still=False)
        list(step.process(frames([picture])))
        assert step.warnings == ()


def test_names_a_network_of_the_catalogue() -> None:
    assert descriptor(GazeRedirect(1.0, still=True).model).purpose == "gaze"


def test_hands_out_each_frame_before_it_takes_the_next() -> None:
    taken: list[int] = []

    def source() -> Iterator[Frame]:
        for index, frame in enumerate(frames([head_of(away())] * 4)):
            taken.append(index)
            yield frame

    results = GazeRedirect(1.0, still=False).process(source())
    for index in range(4):
        next(results)
        assert taken == list(range(index + 1))


def test_redirects_every_face() -> None:
    pair = placed((1300, 600), [(head_of(away(0.3)), (40, 20)), (head_of(away(-0.3)), (700, 40))])
    (result,) = GazeRedirect(1.0, still=True).process(frames([pair]))
    assert result.changed
    assert len(result.changed) == 4
    for left, top in ((40, 20), (700, 40)):
        moved = offset_of(portrait(), result.rgb, (left - 390.0, top))
        assert moved[0] == pytest.approx(0, abs=0.13)


@pytest.mark.parametrize("tilt_deg", [-25, 15])
def test_redirects_a_tilted_head(tilt_deg: float) -> None:
    source = head_of(away())
    there = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), tilt_deg, 1.0)
    tilted = cv2.warpAffine(source, there, (SIDE, SIDE), flags=cv2.INTER_CUBIC)
    (result,) = GazeRedirect(1.0, still=True).process(frames([tilted]))
    back = cv2.invertAffineTransform(there)
    upright = cv2.warpAffine(result.rgb, back, (SIDE, SIDE), flags=cv2.INTER_CUBIC)
    assert offset_of(portrait(), upright, (-390.0, 0.0))[0] == pytest.approx(0, abs=0.13)


def test_leaves_a_face_whose_eyes_are_too_small() -> None:
    small = displaced(portrait(1.0), "shaded", 0.4)
    (result,) = GazeRedirect(1.0, still=True).process(frames([small]))
    assert result.changed == ()


def test_treats_the_first_frame_like_the_last_one_of_a_still_clip() -> None:
    results = list(GazeRedirect(1.0, still=False).process(frames([head_of(away())] * 8)))
    first, last = (offset_of(portrait(), r.rgb, (-390.0, 0.0))[0] for r in (results[0], results[-1]))
    assert first == pytest.approx(last, abs=0.05)


def test_starts_anew_after_a_cut() -> None:
    bright = placed((SIDE, SIDE), [(head_of(away(-0.3)), (0, 0))])
    dark: Rgb = head_of(away(0.3)) // np.uint8(2)
    results = list(GazeRedirect(1.0, still=False).process(frames([bright] * 6 + [dark] * 2)))
    doubled = np.clip(results[6].rgb.astype(int) * 2, 0, 255).astype(np.uint8)
    assert offset_of(portrait(), doubled, (-390.0, 0.0))[0] == pytest.approx(0, abs=0.13)


def test_says_nothing_on_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    list(GazeRedirect(1.0, still=False).process(frames([head_of(away())] * 2)))
    assert capfd.readouterr().err == ""
