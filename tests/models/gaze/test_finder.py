"""Faces large and small, and what is found again from frame to frame."""

from itertools import pairwise

import numpy as np
import pytest

from benchmarks.gaze.portrait import portrait
from gpu_tasks.models.gaze.boxes import box_of, overlap
from gpu_tasks.models.gaze.finder import FaceFinder, _starts, _tiles
from gpu_tasks.models.gaze.landmarks import Points, eyes_of
from gpu_tasks.models.step import Rgb
from tests.models.gaze.portraits import head_of, placed

SMALL = 1.5


def small_face(left: int, top: int) -> Rgb:
    return placed((1920, 1080), [(head_of(portrait(SMALL).rgb, SMALL), (left, top))])


def expected(left: int, top: int) -> list[tuple[float, float]]:
    return [(eye.centre[0] - 130 * SMALL + left, eye.centre[1] + top) for eye in portrait(SMALL).eyes]


def centres(face: Points) -> list[tuple[float, float]]:
    return [(float(eye.centre[0]), float(eye.centre[1])) for eye in eyes_of(face)]


@pytest.mark.slow
@pytest.mark.parametrize("still", [True, False])
def test_finds_a_small_face_in_a_large_picture(still: bool) -> None:
    finder = FaceFinder(still=still)
    try:
        (face,) = finder.find(small_face(1500, 700))
    finally:
        finder.close()
    assert np.array(centres(face)) == pytest.approx(np.array(expected(1500, 700)), abs=1.5)


@pytest.mark.slow
def test_follows_a_small_face_out_of_its_window() -> None:
    finder = FaceFinder(still=False)
    try:
        for left in range(1500, 700, -40):
            (face,) = finder.find(small_face(left, 500))
            assert np.array(centres(face)) == pytest.approx(np.array(expected(left, 500)), abs=4)
    finally:
        finder.close()


@pytest.mark.slow
def test_finds_large_and_small_faces_together_and_each_once() -> None:
    frame = small_face(1500, 700)
    large = head_of(portrait().rgb)
    frame[100 : 100 + large.shape[0], 100 : 100 + large.shape[1]] = large
    finder = FaceFinder(still=False)
    try:
        for _ in range(3):
            faces = finder.find(frame)
            assert len(faces) == 2
            assert overlap(box_of(faces[0]), box_of(faces[1])) == 0
    finally:
        finder.close()


@pytest.mark.slow
def test_loses_a_face_that_goes() -> None:
    finder = FaceFinder(still=False)
    try:
        assert len(finder.find(small_face(600, 300))) == 1
        assert [len(finder.find(placed((1920, 1080), []))) for _ in range(3)] == [0, 0, 0]
    finally:
        finder.close()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160), (1080, 1920), (900, 5000), (1, 1)])
def test_tiles_cover_the_picture(width: int, height: int) -> None:
    covered = np.zeros((height, width), bool)
    for index, (left, top, tile_width, tile_height) in enumerate(_tiles(width, height)):
        assert left + tile_width <= width
        assert top + tile_height <= height
        if index or max(width, height) < 1000:
            covered[top : top + tile_height, left : left + tile_width] = True
    assert covered.all()


@pytest.mark.parametrize("length", [1, 900, 901, 1620, 1621, 4000])
def test_tiles_overlap_enough_for_a_small_face(length: int) -> None:
    starts = _starts(length)
    assert all(900 - (b - a) >= 180 for a, b in pairwise(starts))
